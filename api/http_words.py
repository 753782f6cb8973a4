"""What each HTTP status of a refusal is called: its code, and its title in both languages."""

from collections.abc import Mapping
from typing import Final

HTTP_WORDS: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad-request", "请求无法读取", "The request cannot be read"),
    401: ("authentication-failed", "身份未能确认", "You could not be identified"),
    403: ("forbidden", "没有权限", "You may not do this"),
    404: ("not-found", "未找到", "Not found"),
    405: ("method-not-allowed", "不支持此操作", "This method is not possible here"),
    406: ("not-acceptable", "无法提供该格式", "This form is not available"),
    408: ("timeout", "请求超时", "The request took too long"),
    409: ("conflict", "记录已被他人更改", "Somebody else changed this first"),
    412: ("precondition-failed", "版本不符", "The version is not the one you saw"),
    413: ("too-large", "内容过大", "What was sent is too large"),
    414: ("address-too-long", "地址过长", "The address is too long"),
    415: ("unsupported-media-type", "不支持的内容类型", "This kind of content is not read here"),
    422: ("invalid-field", "填写有误", "Some fields cannot be accepted"),
    428: ("precondition-required", "须说明所见版本", "Say which version you saw"),
    429: ("throttled", "尝试过于频繁", "Too many attempts"),
    431: ("headers-too-large", "请求头过大", "The headers are too large"),
    500: ("internal-error", "系统内部错误", "Something went wrong inside"),
    503: ("unavailable", "暂时无法服务", "Not available right now"),
}
