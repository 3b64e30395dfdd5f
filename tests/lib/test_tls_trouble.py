"""What went wrong with TLS, in words that say whose fault it is."""

from lib.tls_trouble import told


def test_a_certificate_that_is_refused():
    assert told(ValueError("one\ntwo\n")) == "its certificate is refused: one; two"


def test_no_memory_is_not_the_brokers_fault():
    assert told(OSError(12)) == "no memory for TLS"


def test_a_broker_that_ends_it():
    # mbedTLS's own numbers are below zero; EPIPE and ECONNRESET are the socket's.
    for number in (-0x7780, 32, 104):
        assert told(OSError(number)).startswith("it ends TLS")


def test_what_has_to_do_with_tls_no_more_than_with_others():
    assert told(OSError("no address")) == "no address"
    assert "TLS" not in told(OSError(113))
