"""What a phone reads to pay: the picture of a transfer or of a wallet's address."""

import io

import segno

from donations.models import DonationMethod

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks for


def payment_code_svg(method: DonationMethod) -> bytes:
    """Return the QR code of a transfer or a wallet as an SVG picture, dark on white.

    White in the dark scheme too: a camera finds no inverted code. The amount is the donor's to
    choose, so none is in it.
    """
    if method.iban:
        code = segno.make(
            transfer_payload(method), error="m", encoding="utf-8", boost_error=False, micro=False
        )
    else:
        code = segno.make(f"{method.coin}:{method.wallet}", error="m", micro=False)
    picture = io.BytesIO()
    code.save(
        picture, kind="svg", border=QUIET_ZONE, light="#fff", omitsize=True, xmldecl=False,
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return picture.getvalue()


def transfer_payload(method: DonationMethod) -> str:
    """Return a SEPA transfer as banking apps read it (EPC069-12, version 002, no amount).

    Segno's own writer of these insists on an amount, which the guidelines do not.
    """
    service, version, utf8, transfer = "BCD", "002", "1", "SCT"
    amount = purpose = reference = ""
    lines = [
        service, version, utf8, transfer, method.bic, method.account_holder, method.iban,
        amount, purpose, reference, method.transfer_text,
    ]  # fmt: skip
    return "\n".join(lines)
