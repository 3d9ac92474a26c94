"""What tests look up in a figure."""


def named(chart, name):
    """The one trace of a name."""
    (found,) = [trace for trace in chart.figure.data if trace.name == name]
    return found


def names(chart):
    return [trace.name for trace in chart.figure.data]


def points(trace):
    return list(zip(trace.x, trace.y, strict=True))


def levels(chart):
    """Heights of the lines across a chart."""
    return [(shape.y0, shape.y1) for shape in chart.figure.layout.shapes]
