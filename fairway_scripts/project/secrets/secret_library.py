"""What the library detect-secrets (Yelp, Apache-2.0) knows of secrets: the tokens of many providers, line by line.

Only its rules that recognise a form are used; those that go by randomness take digests and pictures for keys. It is an
extra (`[secrets]`), takes a third of a second to load, and is loaded when a file holds something that looks like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RULES = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "cloudant": "CloudantDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
}
#: A longer line is not given to the library, whose patterns may take more than linear time.
_LONGEST = 5000


def library() -> Callable[[str], list[tuple[str, str]]] | None:
    """A function that gives the secrets of a line as (rule, text); None where the library is not installed."""
    from importlib import import_module

    try:
        plugins = [
            (module.replace("_", "-"), getattr(import_module(f"detect_secrets.plugins.{module}"), name)())
            for module, name in _RULES.items()
        ]
    except (ImportError, AttributeError):
        return None

    def secrets_of(line: str) -> list[tuple[str, str]]:
        if len(line) > _LONGEST:
            return []
        return [(rule, str(value)) for rule, plugin in plugins for value in plugin.analyze_string(line)]

    return secrets_of
