"""Program health as one thing to take along: report, workbook, command line text."""
