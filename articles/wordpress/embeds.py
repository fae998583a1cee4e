"""What stands elsewhere and is shown by its address: videos, posts of social networks, maps."""

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

# Whom WordPress shows by a bare address on a line of its own, by the end of the host's name.
PROVIDERS = {
    "youtube.com": "YouTube", "youtube-nocookie.com": "YouTube", "youtu.be": "YouTube",
    "vimeo.com": "Vimeo", "twitter.com": "Twitter", "x.com": "X", "facebook.com": "Facebook",
    "instagram.com": "Instagram", "wordpress.tv": "WordPress.tv", "videopress.com": "VideoPress",
    "v.wordpress.com": "VideoPress", "dailymotion.com": "Dailymotion", "dai.ly": "Dailymotion",
    "flickr.com": "Flickr", "flic.kr": "Flickr", "soundcloud.com": "SoundCloud",
    "spotify.com": "Spotify", "mixcloud.com": "Mixcloud", "tiktok.com": "TikTok",
    "reddit.com": "Reddit", "tumblr.com": "Tumblr", "ted.com": "TED", "imgur.com": "Imgur",
    "issuu.com": "Issuu", "scribd.com": "Scribd", "slideshare.net": "SlideShare",
    "speakerdeck.com": "Speaker Deck", "kickstarter.com": "Kickstarter", "t.me": "Telegram",
    "pinterest.com": "Pinterest", "animoto.com": "Animoto", "cloudup.com": "Cloudup",
    "crowdsignal.com": "Crowdsignal", "polldaddy.com": "Polldaddy", "smugmug.com": "SmugMug",
    "screencast.com": "Screencast", "wolframcloud.com": "Wolfram", "bsky.app": "Bluesky",
}  # fmt: skip
_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+", re.IGNORECASE)
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v|e)/([\w-]{6,20})")
_VIMEO_PATH = re.compile(
    r"(?:/video|/channels/[\w-]+|/groups/[\w-]+/videos)?/(\d{4,12})(?:/\w+)?/?"
)


def is_address(text: str) -> bool:
    """Whether text is one http(s) address and nothing else."""
    return bool(_ADDRESS.fullmatch(text))


def provider_of(url: str) -> str:
    """Return the name of the service that shows url, or "" for an ordinary page."""
    host = _host(url)
    for end, name in PROVIDERS.items():
        if host == end or host.endswith(f".{end}"):
            return name
    return ""


def player_of(url: str) -> str:
    """Return the address of the player that may be framed for url, or ""."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    provider = provider_of(url)
    if provider == "Vimeo" and (match := _VIMEO_PATH.fullmatch(parts.path)):
        return f"https://player.vimeo.com/video/{match[1]}"
    if provider != "YouTube":
        return ""
    if _host(url).endswith("youtu.be"):
        video = parts.path.strip("/")
    elif match := _YOUTUBE_PATH.match(parts.path):
        video = match[1]
    else:
        video = query.get("v", [""])[0]
    if not re.fullmatch(r"[\w-]{6,20}", video, re.ASCII):
        return ""
    start = _seconds(query.get("t", query.get("start", [""]))[0])
    return f"https://www.youtube-nocookie.com/embed/{video}" + (f"?start={start}" if start else "")


def embed_figure(url: str, *, caption: str = "", align: str = "") -> str:
    """Return the figure of an embed. caption: HTML. A video gets its player after a click."""
    url = url.strip()
    if not is_address(url):
        return f"<p>{escape(url)}</p>" if url else ""
    player = player_of(url)
    provider = provider_of(url)
    if player:
        text = _("Video on %(provider)s") % {"provider": provider}
    else:
        shown = url.split("?")[0].split("://", 1)[1].removeprefix("www.").rstrip("/")
        text = f"{provider}: {shown}" if provider else shown
    classes = f"embed {align}".strip()
    data = f' data-embed="{escape(player)}"' if player else ""
    said = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
    return (
        f'<figure class="{classes}"{data}><a href="{escape(url)}">{escape(text)}</a>{said}</figure>'
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _seconds(text: str) -> int:
    """Return the seconds of YouTube's t=90, t=90s or t=1h2m3s; 0 for anything else."""
    match = re.fullmatch(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s?)?", text, re.ASCII)
    if not match:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return min(hours * 3600 + minutes * 60 + seconds, 999_999)
