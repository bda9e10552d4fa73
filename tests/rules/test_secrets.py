"""What is a secret, and what only looks like one: the forms, their hints, redaction and the allow-list."""

from __future__ import annotations

import hashlib
import sys
import types

import pytest

from fairway_scripts.project.secrets import secret_library
from fairway_scripts.project.secrets.secret_forms import allow_entry, line_of, redacted, secrets_in
from fairway_scripts.project.secrets.secret_hints import may_hold_secret

# Every value is made up here, and put together so that no scanner of sources takes this page for a leak.
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
KEY = "-----BEGIN {0}PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END {0}PRIVATE KEY-----"
SECRETS = {
    "named-secret": [
        ("export DB_PASSWORD='correct-horse'", "correct-horse"),
        ("PASSWORD=hunter2x make deploy", "hunter2x"),
        ("password: hunter2", "hunter2"),
        ('{"api_key": "a8f5f167f44f4964e6c998dee827110c"}', "a8f5f167f44f4964e6c998dee827110c"),
        ("--from-literal=password=hunter2", "hunter2"),
        ("client_secret = Zx9-kk22_q", "Zx9-kk22_q"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=y", "JBSWY3DPEHPK3PXP&issuer=y"),
    ],
    "option": [("deploy --password hunter22 --yes", "hunter22"), ("x --auth-token a1b2c3d4e5", "a1b2c3d4e5")],
    "authorization-header": [
        ("Authorization: Bearer abcdef1234567890", "abcdef1234567890"),
        ("curl -H 'authorization: Basic dXNlcjpwYXNz'", "dXNlcjpwYXNz"),
    ],
    "bearer-token": [("sent bearer abcdef1234567890", "abcdef1234567890")],
    "cookie": [("Set-Cookie: sid=abcdef123456; Path=/", "abcdef123456")],
    "wifi-password": [("WIFI:T:WPA;S:net;P:secretpass;;", "secretpass")],
    "kubeconfig-key": [(f"    client-key-data: {'QUJD' * 10}", "QUJD" * 10)],
    "url-password": [("postgres://bob:s3cret@db/x", "s3cret"), ("redis://:pa55@h:6379", "pa55")],
    "aws-key": [("AKIA" + "IOSFODNN7EXAMPLE", "AKIA" + "IOSFODNN7EXAMPLE")],
    "github-token": [("x gh" + "p_" + "a1" * 18, "gh" + "p_" + "a1" * 18)],
    "gitlab-token": [("gl" + "pat-" + "a1" * 10, "gl" + "pat-" + "a1" * 10)],
    "slack-token": [("xo" + "xb-1234567890-abc", "xo" + "xb-1234567890-abc")],
    "slack-webhook": [("https://hooks.slack.com/services/" + "T0/" * 9, "services/" + "T0/" * 9)],
    "stripe-key": [("sk_" + "live_" + "a1" * 12, "sk_" + "live_" + "a1" * 12)],
    "model-key": [("sk-" + "ant-" + "a1" * 12, "sk-" + "ant-" + "a1" * 12)],
    "google-key": [("AI" + "za" + "a" * 35, "AI" + "za" + "a" * 35)],
    "npm-token": [("np" + "m_" + "a1" * 18, "np" + "m_" + "a1" * 18)],
    "pypi-token": [("py" + "pi-AgE" + "a1" * 12, "py" + "pi-AgE" + "a1" * 12)],
    "sendgrid-key": [("S" + "G." + "a1" * 11 + "." + "b2" * 20, "S" + "G." + "a1" * 11 + "." + "b2" * 20)],
    "json-web-token": [(f"got {JWT}", JWT)],
    "hugging-face-token": [("h" + "f_" + "a1" * 17, "h" + "f_" + "a1" * 17)],
    "digitalocean-token": [("dop_" + "v1_" + "a1" * 32, "dop_" + "v1_" + "a1" * 32)],
    "square-token": [("sq" + "0atp-" + "a1" * 12, "sq" + "0atp-" + "a1" * 12)],
    "azure-storage-key": [("AccountKey" + "=" + "aB3/" * 22, "aB3/" * 22)],
    "age-key": [("AGE-SECRET-KEY" + "-1" + "Q1" * 29, "AGE-SECRET-KEY" + "-1" + "Q1" * 29)],
    "private-key": [(KEY.format("RSA "), KEY.format("RSA ")), (KEY.format(""), KEY.format(""))],
}
CASES = [(rule, text, value) for rule, cases in SECRETS.items() for text, value in cases]


@pytest.mark.parametrize(("rule", "text", "value"), CASES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(CASES)])
def test_a_secret_is_found_hinted_at_and_taken_out(rule: str, text: str, value: str) -> None:
    around = f"first line\n  {text}\nlast line"
    assert may_hold_secret(around)
    (found,) = secrets_in(around)
    assert (around[found.begin : found.end], line_of(around, found)) == (value, 2)
    assert redacted(around, [found]) == around.replace(value, f"[redacted: {found.rule}]")
    assert found.rule == rule
    assert secrets_in(redacted(around, [found])) == [], "what was redacted is no secret"


@pytest.mark.parametrize(
    "text",
    [
        "commit 3993e61412345678901234567890123456789012",
        f"sha256:{'ab12' * 16}",
        "artifact_sha256: " + "0f" * 32,
        "uuid 550e8400-e29b-41d4-a716-446655440000",
        "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAA" * 50,
        "the password reset mail, the token store and its secrets",
        "pnpm test token-store.ts --filter auth/token",
        "password: required",
        "secret: none",
        "Token: expired at 10",
        "tokens: 12345678",
        "max_tokens=4096",
        "token count: 4096 of 8192",
        "TOKEN=$TOKEN make x",
        "--token <TOKEN> --password ${PASSWORD}",
        "password=********",
        "pwd=/home/user",
        "--password-file /run/secrets/x1",
        "kubectl get secrets -n x",
        "secret-name: my-secret-name",
        "Bearer authentication is used",
        "Authorization: none",
        "Cookie: consent",
        "https://github.com/x/y.git",
        "ssh://git@github.com:22/x",
        "http://localhost:8080/x@y:z",
        "mail a@b.example: fine",
        "disk-usage and task-list, a risk-free sk-etch",
        "B-V3-ACK-SUPPRESS-CONTROL-001",
    ],
)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert secrets_in(text) == []


def test_usual_texts_load_no_pattern() -> None:
    for text in ("", "pnpm --dir packages/web typecheck", "No findings.", "3993e614", "agent/B-ui", "token-store.ts"):
        assert not may_hold_secret(text)


def test_a_key_without_an_end_is_taken_as_far_as_it_goes() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAA\n--- other"
    (found,) = secrets_in(text)
    assert redacted(text, [found]) == "[redacted: private-key]--- other"


def test_many_keys_without_an_end_take_no_longer_than_their_text() -> None:
    assert len(secrets_in("-----BEGIN RSA PRIVATE KEY-----\n" * 3000)) == 3000


def test_hostile_lines_are_searched_in_linear_time() -> None:
    for text in (
        "password" * 20_000 + "=",
        "token='" * 20_000,
        "eyJ" * 40_000 + ".",
        "://a:" * 20_000,
        "cookie: a=" * 9000,
    ):
        secrets_in(text)


def test_the_allow_list_names_a_value_its_digest_or_a_rule() -> None:
    text = "password: hunter2"
    (found,) = secrets_in(text)
    assert allow_entry(text, found) == f"sha256:{hashlib.sha256(b'hunter2').hexdigest()}"
    for entry in ("hunter2", allow_entry(text, found), "rule:named-secret"):
        assert secrets_in(text, [entry]) == []
    for entry in ("hunter", "hunter22", "sha256:0", "rule:option"):
        assert secrets_in(text, [entry]) == [found]


def test_two_rules_that_know_one_secret_name_it_once() -> None:
    text = f"Authorization: Bearer {JWT} token={JWT}"
    assert redacted(text, secrets_in(text)).count("[redacted: ") == 2


def test_the_library_adds_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Detector:
        def analyze_string(self, line: str) -> list[str]:
            return [word for word in line.split() if word.startswith("zz-")]

    for module, name in secret_library._RULES.items():
        fake = types.ModuleType(module)
        setattr(fake, name, Detector)
        monkeypatch.setitem(sys.modules, f"detect_secrets.plugins.{module}", fake)
    monkeypatch.setitem(sys.modules, "detect_secrets", types.ModuleType("detect_secrets"))
    monkeypatch.setitem(sys.modules, "detect_secrets.plugins", types.ModuleType("detect_secrets.plugins"))
    text = "token: of zz-1234567 and more"
    (found,) = secrets_in(text, library=secret_library.library())
    assert text[found.begin : found.end] == "zz-1234567"


def test_without_the_library_its_rules_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detect_secrets", None)
    for module in secret_library._RULES:
        monkeypatch.setitem(sys.modules, f"detect_secrets.plugins.{module}", None)
    assert secret_library.library() is None


def test_the_library_itself_finds_a_token() -> None:
    pytest.importorskip("detect_secrets", reason="the extra 'secrets' is not installed")
    known = secret_library.library()
    assert known is not None
    assert known("x gh" + "p_" + "a1" * 18)
