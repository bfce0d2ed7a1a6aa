"""What identifies a person: one detector for what is handed in and for what is published.

A file that passes ingest is not held back at publication for a number that ingest let through.
`tests/cases/personal_data.csv` counts what it misses and where it is wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

IDENTITY, MOBILE, NAME = "身份证号", "手机号", "姓名"
LANDLINE, MAIL, PASSPORT = "固定电话", "电子邮箱", "护照或通行证号"
MOBILE_DIGITS = 11  # without the code of the country
_KEPT = {IDENTITY: 6, MOBILE: 3, LANDLINE: 4, MAIL: 2, PASSPORT: 1}  # leading signs to repeat
_NOT_IN_CODES = (MOBILE, LANDLINE, PASSPORT)
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z_.])[1-9]\d{5}[- ]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"[- ]?\d{3}[0-9Xx](?![0-9A-Za-z_])"
)
_END = r"(?!\.?[0-9A-Za-z_]|\s*[元人])"
_MOBILE = re.compile(
    # one blank or hyphen somewhere, or the same mark in both places, or a blank after each digit
    rf"(?<![0-9A-Za-z_.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}"
    rf"|1[3-9]\d(?P<mark>[./·‐–—_]|\s{{2,3}})\d{{4}}(?P=mark)\d{{4}}"
    rf"|1 [3-9](?: \d){{9}}){_END}"
    r"|(?<![〇零一二三四五六七八九幺])[一幺][三四五六七八九][〇零一二三四五六七八九幺]{9}"
    r"(?![〇零一二三四五六七八九幺])"
)
# An office's public line says so before its number; any other has its area code or a word.
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z_.-])(?P<public>(?:举报|监督|投诉|咨询|服务|热线|值班|办公)[\u4e00-\u9fff]{0,6}"
    r"[:\s]*)?(?:(?:\(?0\d{2,3}\)?|\+86[- ]?\d{2,3})[- ‐–—]?[2-9]\d{6,7}"
    rf"|(?<=电话)\s*:?\s*[2-9]\d{{6,7}}|(?<=电话:)\s*[2-9]\d{{6,7}})(?:[-转]\d{{1,5}})?{_END}"
)
_MAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_DATE = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
_PASSPORT = re.compile(
    rf"(?<![0-9A-Za-z_.-])[EG](?!{_DATE})(?:\d{{8}}|[A-HJ-NP-Z]\d{{7}})(?![0-9A-Za-z_])"
    r"|(?:护照|通行证|回乡证|台胞证)[\u4e00-\u9fff]{0,4}[:\s]*[A-Z]{1,2}\d{7,8}(?![0-9A-Za-z_])"
)
# Each begins with its letters, so that a search looks at few places of a long page.
_LABEL = (
    "姓\\s*名|联系人|填报人|填表人|审核人|经办人|负责人|责任人|法定代表人|法人代表|班主任|签字人?"
    "|副[校园局县]长|校长|园长|局长|县长"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
    "尹黎易常武乔贺赖龚文"
)
_GIVEN = rf"(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛)[\u4e00-\u9fff]{{1,2}}"
_LABELLED = (
    rf"(?:{_LABEL})(?:(?<!责任人)\s*:\s*(?P<after>[\u4e00-\u9fff·]{{2,12}})"
    rf"|(?<!责任人)\s+(?P<beside>{_GIVEN})(?![\u4e00-\u9fff])"
    rf"|(?<=负责人|联系人|责任人|经办人)(?P<named>{_GIVEN})(?=[,、;]|$))"
)
_ADDRESS = "(?:同志|女士|先生)"
_NAMED = re.compile(_LABELLED)
_ADDRESSED = re.compile(_ADDRESS)
_NAMED_OR_ADDRESSED = re.compile(
    rf"{_LABELLED}|(?<![\u4e00-\u9fff])(?P<called>{_GIVEN}){_ADDRESS}"
    rf"|(?:{_LABEL.replace('|责任人', '')}|书记|主任|教师|老师)(?P<titled>{_GIVEN}){_ADDRESS}"
)
# No person's name: an office, a rank, a word for nobody, the beginning of a sentence.
_NO_NAME = re.compile(
    r"[局科室股处办组校园站所委会员长]$|学校|中心|小学|中学|政府|教师|正高级|负责|担任|兼任"
    r"|^(?:无|不|未|见|由|按|为|待|已|共|同|各|以|应|具有|全部|正职|副职|空缺)"
)
_LONGEST_NAME = 6  # longer without · it is a sentence
URL = re.compile(r"https?://\S+")
_PATTERNS = (
    *((IDENTITY, _IDENTITY), (MOBILE, _MOBILE), (LANDLINE, _LANDLINE), (MAIL, _MAIL)),
    (PASSPORT, _PASSPORT),
)


@dataclass(frozen=True)
class Trace:
    """One piece of personal data: of which kind, as written, where in the narrowed text."""

    kind: str
    text: str
    span: tuple[int, int]

    @property
    def short(self) -> str:
        """Return what a message may say of it: never the whole number."""
        if self.kind == NAME:
            return self.text.replace(":", "：")
        signs = self.text if self.kind == MAIL else re.sub(r"[^0-9A-Za-z]", "", self.text)
        national = signs[-MOBILE_DIGITS:] if self.kind == MOBILE else signs
        return f"{self.kind} {national[: _KEPT[self.kind]]}…"


def _narrow(text: str) -> str:
    """Return a text in half width, its web addresses blanked: no telephone stands in one."""
    narrow = unicodedata.normalize("NFKC", text)
    return URL.sub(lambda match: " " * len(match[0]), narrow)


def _is_nobody(kind: str, match: re.Match[str]) -> bool:
    """Say whether what looks like personal data names nobody: an office, a public line."""
    if kind == LANDLINE:
        return bool(match["public"])
    if kind != NAME:
        return False
    name = next(filter(None, match.groupdict().values()))
    return bool(_NO_NAME.search(name)) or (len(name) > _LONGEST_NAME and "·" not in name)


def _traces(narrow: str, code: bool) -> Iterator[Trace]:
    taken: list[tuple[int, int]] = []
    named = _NAMED_OR_ADDRESSED if _ADDRESSED.search(narrow) else _NAMED
    for kind, pattern in (*_PATTERNS, (NAME, named)):
        for match in () if code and kind in _NOT_IN_CODES else pattern.finditer(narrow):
            start, end = match.span()
            if not _is_nobody(kind, match) and all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                yield Trace(kind, match[0], (start, end))


def traces(text: str, *, code: bool = False) -> list[Trace]:
    """Return the personal data in a text, each once; a school's code is never a telephone."""
    if not text:  # most cells
        return []
    unique = {(trace.kind, trace.text): trace for trace in _traces(_narrow(text), code)}
    return list(unique.values())


def hide(text: str) -> str:
    """Return a text without the personal data in it; unchanged where there is none."""
    spans = sorted((t.span, t.kind) for t in _traces(_narrow(text), code=False))
    if not spans:
        return text
    narrow, at, parts = unicodedata.normalize("NFKC", text), 0, []
    for (start, end), kind in spans:
        word = "姓名" if kind == NAME else "邮箱" if kind == MAIL else "号码"
        parts += [narrow[at:start], f"（{word}已隐去）"]
        at = end
    return "".join([*parts, narrow[at:]])
