"""Groups as Telegram keeps them: with topics or without, upgraded to another id, and with a bot that has rights or not."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.refused import Refused

_FIRST_TOPIC = 1001


@dataclass
class Topic:
    """One topic of a forum group."""

    name: str
    closed: bool = False


@dataclass
class Group:
    """A group that the bot is in."""

    forum: bool = True
    manages_topics: bool = True
    reactions: bool = True
    member: bool = True
    general_closed: bool = False
    moved_to: int | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
    places: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    """Topic, and message replied to, of each message the bot sent here."""
    reacted: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    renamed: int = 0
    made: int = 0

    def delete_topic(self, thread_id: int) -> None:
        """Do as an administrator who deletes a topic: its messages go with it."""
        del self.topics[thread_id]
        self.deleted |= {number for number, (thread, _) in self.places.items() if thread == thread_id}


@dataclass
class Groups:
    """The part of the Bot API that is about groups; chats that are not listed here are private ones."""

    groups: dict[str, Group] = field(default_factory=dict)

    def check_place(self, method: str, params: dict[str, Any]) -> None:
        """Refuse what cannot be sent to where it is meant for."""
        group = self.groups.get(str(params.get("chat_id")))
        if group is None:
            return
        if not group.member:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        if group.moved_to is not None:
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=group.moved_to)
        if method == "editMessageText" and params["message_id"] in group.deleted:
            raise Refused(400, "Bad Request: message to edit not found")
        if method.startswith("send"):
            thread = params.get("message_thread_id")
            if thread is not None and thread not in group.topics:
                raise Refused(400, "Bad Request: message thread not found")
            if group.topics[thread].closed if thread is not None else group.general_closed:
                raise Refused(400, "Bad Request: TOPIC_CLOSED")

    def note_place(self, method: str, params: dict[str, Any], result: Any) -> None:
        """Remember where a message was sent to."""
        group = self.groups.get(str(params.get("chat_id")))
        if group is not None and method.startswith("send"):
            replied = params.get("reply_parameters", {}).get("message_id")
            group.places[result["message_id"]] = (params.get("message_thread_id"), replied)

    def _managed(self, params: dict[str, Any]) -> Group:
        group = self.groups[str(params["chat_id"])]
        if not group.forum:
            raise Refused(400, "Bad Request: the chat is not a forum")
        if not group.manages_topics:
            raise Refused(400, "Bad Request: not enough rights to manage topics")
        return group

    def _topic(self, params: dict[str, Any]) -> Topic:
        topics = self._managed(params).topics
        if params["message_thread_id"] not in topics:
            raise Refused(400, "Bad Request: TOPIC_ID_INVALID")
        return topics[params["message_thread_id"]]

    async def _getChat(self, params: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        group = self.groups[str(params["chat_id"])]
        return {
            "id": int(params["chat_id"]), "type": "supergroup", "title": "工作群", "is_forum": group.forum,
            "accent_color_id": 0, "max_reaction_count": 1,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
        }  # fmt: skip

    async def _createForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        group = self._managed(params)
        name = str(params["name"])
        if not 1 <= len(name) <= 128:
            raise Refused(400, "Bad Request: TOPIC_TITLE_EMPTY")
        thread_id = _FIRST_TOPIC + group.made
        group.made += 1
        group.topics[thread_id] = Topic(name)
        return {"message_thread_id": thread_id, "name": name, "icon_color": 7322096}

    async def _editForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        topic = self._topic(params)
        if topic.name == params["name"]:
            raise Refused(400, "Bad Request: TOPIC_NOT_MODIFIED")
        topic.name = str(params["name"])
        self._managed(params).renamed += 1
        return True

    async def _closeForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return self._switch(params, closed=True)

    async def _reopenForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        return self._switch(params, closed=False)

    def _switch(self, params: dict[str, Any], *, closed: bool) -> bool:
        topic = self._topic(params)
        if topic.closed == closed:
            raise Refused(400, "Bad Request: TOPIC_NOT_MODIFIED")
        topic.closed = closed
        return True

    async def _reopenGeneralForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        self._managed(params).general_closed = False
        return True

    async def _deleteForumTopic(self, params: dict[str, Any]) -> Any:  # noqa: N802
        self._topic(params)
        self._managed(params).delete_topic(params["message_thread_id"])
        return True

    async def _setMessageReaction(self, params: dict[str, Any]) -> Any:  # noqa: N802
        group = self.groups[str(params["chat_id"])]
        if not group.reactions:
            raise Refused(400, "Bad Request: REACTION_INVALID")
        if params["message_id"] in group.deleted:
            raise Refused(400, "Bad Request: message to react not found")
        group.reacted[params["message_id"]] = params["reaction"][0]["emoji"]
        return True
