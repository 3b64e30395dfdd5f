"""HMAC-SHA-256 against the vectors of RFC 4231 (section 4)."""

from lib import hmac

# key, data, code; both in hexadecimal digits
VECTORS = (
    (
        "0b" * 20,
        "4869205468657265",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        "4a656665",
        "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        "aa" * 20,
        "dd" * 50,
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ),
    (
        "aa" * 131,
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
)


def test_published_vectors():
    for key, data, code in VECTORS:
        assert hmac.told(bytes.fromhex(key), bytes.fromhex(data)) == code


def test_equal_codes_and_no_others():
    code = hmac.told(b"key", b"data")
    assert hmac.same(code, hmac.told(b"key", b"data"))
    for place in range(64):
        changed = "0" if code[place] != "0" else "1"
        assert not hmac.same(code, code[:place] + changed + code[place + 1 :])
    for other in ("", code[:-1], code + "0"):
        assert not hmac.same(code, other)
