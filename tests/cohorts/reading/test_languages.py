"""Headers in five languages: what a file is, and which of its columns are which, without a question about either."""

import pytest

from motions.cohorts.reading.recognise import recognise

HEADERS = {
    "accounts": [
        ("account_id", "signed_up_on", "partner_id", "activated_on"),
        "Kundennummer;Registrierungsdatum;Partner;Aktivierungsdatum",
        "Kunden-ID;Registriert am;Partner-ID;Aktiviert am",
        "ID client;Date d'inscription;Partenaire;Date d'activation",
        "N° client;Date de création;ID partenaire;Date d'activation",
        "ID de cliente;Fecha de registro;Socio;Fecha de activación",
        "Nº de cliente;Fecha de alta;ID de socio;Activado el",
        "ID do cliente;Data de cadastro;Parceiro;Data de ativação",
        "Código do cliente;Data de registo;ID do parceiro;Ativado em",
        "ID cliente;Data di registrazione;Partner;Data di attivazione",
        "Codice cliente;Data di iscrizione;ID partner;Attivato il",
    ],
    "revenue": [
        ("account_id", "month", "mrr", "currency"),
        "Kundennummer;Monat;MRR;Währung",
        "Kunde;Monat;Monatlich wiederkehrender Umsatz;Währung",
        "ID client;Mois;Revenu mensuel récurrent;Devise",
        "Client;Mois;Chiffre d'affaires récurrent mensuel;Devise",
        "ID de cliente;Mes;MRR;Moneda",
        "Cliente;Mes;Ingresos recurrentes mensuales;Moneda",
        "ID do cliente;Mês;MRR;Moeda",
        "Cliente;Mês;Receita recorrente mensal;Moeda",
        "ID cliente;Mese;MRR;Valuta",
        "Cliente;Mese;Ricavi ricorrenti mensili;Valuta",
    ],
    "partners": [
        ("partner_id", "name", "motion", "recruited_on", "ended_on"),
        "Partnernummer;Partnername;Partnertyp;Beitrittsdatum;Ausgetreten am",
        "ID partenaire;Nom;Type de partenaire;Date d'adhésion;Date de sortie",
        "ID de socio;Nombre;Tipo de socio;Fecha de ingreso;Fecha de baja",
        "ID do parceiro;Nome;Tipo de parceiro;Data de adesão;Data de saída",
        "ID partner;Nome;Tipo di partner;Data di adesione;Data di uscita",
    ],
    "partners, their own terms": [
        ("partner_id", "motion", "recruited_on", "recruited_by", "commission_rate", "uplift", "own_reward"),
        "Partnernummer;Partnertyp;Beitrittsdatum;Geworben von;Provisionssatz;Aufschlag;Prämie je Kunde",
        "ID partenaire;Type de partenaire;Date d'adhésion;Parrain;Taux de commission;Majoration;Prime par client",
        "ID de socio;Tipo de socio;Fecha de ingreso;Reclutado por;Tasa de comisión;Recargo;Prima por cliente",
        "ID do parceiro;Tipo de parceiro;Data de adesão;Recrutado por;Taxa de comissão;Acréscimo;Prêmio por cliente",
        "ID partner;Tipo di partner;Data di adesione;Reclutato da;Margine del partner;Maggiorazione;Premio per cliente",
    ],
    "spend": [
        ("month", "amount", "kind", "motion"),
        "Monat;Betrag;Kostenart;Kanal",
        "Buchungsdatum;Ausgaben;Kategorie;Vertriebskanal",
        "Mois;Montant;Catégorie;Canal",
        "Date;Coûts;Type de coût;Canal d'acquisition",
        "Mes;Importe;Categoría;Canal",
        "Fecha;Gastos;Tipo de gasto;Canal",
        "Mês;Valor;Categoria;Canal",
        "Data;Custo;Tipo de custo;Canal",
        "Mese;Importo;Categoria;Canale",
        "Data;Spesa;Tipo di spesa;Canale",
    ],
    "subscriptions": [
        ("subscription_id", "account_id", "started_on", "ended_on", "mrr", "status"),
        "Vertragsnummer;Kundennummer;Vertragsbeginn;Vertragsende;Monatsbetrag;Status",
        "ID abonnement;ID client;Date de début;Date de fin;Montant mensuel;Statut",
        "ID de suscripción;ID de cliente;Fecha de inicio;Fecha de fin;Importe mensual;Estado",
        "ID da assinatura;ID do cliente;Data de início;Data de término;Valor mensal;Situação",
        "ID abbonamento;ID cliente;Data di inizio;Data di fine;Importo mensile;Stato",
    ],
}


@pytest.mark.parametrize("kind", HEADERS)
def test_headers_are_known_in_every_language(tmp_path, kind):
    columns, *headers = HEADERS[kind]
    for header in headers:
        path = tmp_path / "x.csv"
        path.write_text(f"{header}\n{';'.join('x' for _ in columns)}\n", "utf-8")
        found = recognise("x.csv", path, tmp_path)
        assert (found.mapping.kind, found.questions) == (kind.split(",")[0], ()), header
        assert {name: found.header[at] for name, at in found.columns.items()} == dict(
            zip(columns, header.split(";"), strict=True)
        )
