"""The status, byte for byte."""

from lib import payload, status_text


def test_birth_and_will():
    out = payload.writer()
    assert bytes(status_text.birth(out, 7, 1772323205, "0.1.0", "esp32_devkit")) == (
        b'{"v":1,"state":"online","boot":7,"time":1772323205,"firmware":"0.1.0",'
        b'"board":"esp32_devkit"}'
    )
    health = (("heap_free", 40960), ("acked", 145))
    assert bytes(status_text.birth(out, 7, None, "0.1.0", "b", health)) == (
        b'{"v":1,"state":"online","boot":7,"time":null,"firmware":"0.1.0","board":"b",'
        b'"heap_free":40960,"acked":145}'
    )
    assert status_text.will(7) == b'{"v":1,"state":"offline","boot":7}'
