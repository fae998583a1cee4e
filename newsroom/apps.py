from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from accounts.personal_data.parts import register  # noqa: PLC0415 (models load before)
        from articles.personal_data import PART as ARTICLES  # noqa: PLC0415
        from comments.personal_data.erasing import PART as COMMENTS  # noqa: PLC0415

        register(COMMENTS)
        register(ARTICLES)
