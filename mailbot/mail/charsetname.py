"""Which codec does this charset label mean, as people and programs write it? Pure.

A superset stands in for the subset that a label means by right: Windows software labels CP932 as Shift_JIS and
Windows-1252 as ISO-8859-1 (WHATWG Encoding §4.2 does the same). `jis` is our own reader of the ISO-2022-JP family,
`euc` that of EUC-JP, `utf16` the one that finds the byte order itself.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Labels without case, blanks and punctuation: `Shift-JIS`, `shift_jis` and `ShiftJIS` are one.
_BY_LABEL = {
    "cp932": "shiftjis sjis xsjis mskanji csshiftjis windows31j cswindows31j ms932 xmscp932 xsjiscp932 windows932"
    " xmacjapanese japaneseshiftjis japanesesjis shiftjisx0213 shiftjis2004 shiftjiscp932 pck ibm943 cp943 cp943c",
    "jis": "jis xjis iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms iso2022jp2004 iso2022jpext csiso2022jp"
    " csiso2022jp2 isojp iso2022 cp50220 cp50221 cp50222 xwindowsiso2022jp xwindows50220 xwindows50221 japanesejis"
    " jis7 jis8 jisencoding csjisencoding iso2022jpesc iso2022jpsio jisx0208",
    "euc": "euc eucj eucjp xeuc xeucjp eucjpms eucjpwin cp51932 windows51932 ujis ujisjp japaneseeuc cp20932"
    " cseucpkdfmtjapanese eucjis2004 eucjisx0213 extendedunixcodepackedformatforjapanese",
    "gb18030": "gb2312 gb231280 csgb2312 gbk xgbk gbk18030 cp936 ms936 windows936 euccn xeuccn eucgb csiso58gb231280"
    " isoir58 chinese chinesesimplified gb chinesegb chinesegb2312 cp51936 cp54936 cp20936",
    "cp950": "big5 xxbig5 cnbig5 csbig5 big5tw cp950 ms950 windows950 chinesebig5 chinesetraditional big5eten",
    "big5hkscs": "big5hkscs big5hk cp951",
    "cp949": "kscc5601 ksc5601 ksc56011987 ksc56011989 kscode5601 ksx1001 ksx10011992 csksc56011987 euckr xeuckr"
    " cseuckr uhc korean koreankorea korean949 windows949 xwindows949 ms949 cp51949 isoir149 cp20949",
    "iso2022_kr": "iso2022kr csiso2022kr cp50225",
    "hz": "hz hzgb hzgb2312 cp52936",
    "cp1252": "iso88591 latin1 l1 isolatin1 iso885911987 csisolatin1 isoir100 cp819 ibm819 ansi windowslatin1 western"
    " westerneurope win1252 cp28591 ansicp1252 winansi windowsansi cpwindows1252",
    "iso8859_2": "latin2 l2 csisolatin2 isoir101 iso885921987",
    "cp1250": "win1250 easterneurope centraleurope windowseastern",
    "cp1251": "win1251 windowscyrillic cyrillicwindows russian",
    "cp1253": "win1253 greekwindows",
    "cp1254": "iso88599 latin5 l5 csisolatin5 isoir148 iso885991989 win1254 cp28599 turkish",
    "iso8859_5": "cyrillic csisolatincyrillic isoir144 iso885951988",
    "iso8859_6": "iso88596i iso88596e arabic csisolatinarabic isoir127 iso885961987 ecma114 asmo708",
    "iso8859_7": "greek greek8 csisolatingreek isoir126 iso885971987 ecma118 elot928 suneugreek",
    "iso8859_8": "iso88598i iso88598e hebrew csisolatinhebrew isoir138 iso885981988 visual logical cp38598",
    "iso8859_15": "latin9 l9 csisolatin9 iso885915fdis",
    "cp874": "tis620 tis62025331 tis62025330 iso885911 thai dos874 windows874 xwindows874 cp28601 isoir166 cp874",
    "koi8_r": "koi koi8 koi8r cskoi8r cp20866 koi8russian",
    "koi8_u": "koi8u koi8ru cp21866",
    "mac_roman": "mac macintosh macroman xmacroman csmacintosh cp10000 xmac",
    "mac_cyrillic": "maccyrillic xmaccyrillic xmacukrainian cp10007",
    "mac_latin2": "macce macceneurope xmacce maccentraleurope cp10029",
    "mac_greek": "macgreek xmacgreek cp10006",
    "mac_turkish": "macturkish xmacturkish cp10081",
    "ascii": "ascii usascii ansix34 ansix341968 ansix341986 iso646us iso646 646 us cp20127 ibm367 cp367 csascii isoir6",
    "utf_8": "utf8 utf8mb4 utf8mb3 utf8sig utf8bom utf8n utf8mac unicode11utf8 unicode20utf8 xunicode20utf8 cp65001"
    " csutf8 uft8 utf al32utf8",
    "utf_7": "utf7 unicode11utf7 unicode20utf7 xunicode20utf7 csunicode11utf7 cp65000 utf7imap",
    "utf16": "utf16 unicode ucs2 iso10646ucs2 csunicode unicodefeff csutf16 isoucs2 utf16ucs2",
    "utf_16_le": "utf16le cp1200 ucs2le unicodefffe ucs2littleendian",
    "utf_16_be": "utf16be cp1201 ucs2be",
    "utf_32": "utf32 ucs4 iso10646ucs4 csucs4",
    "": "xunknown unknown unknown8bit xuserdefined default defaultcharset 8bit 7bit binary none null auto other"
    " japanese true false undefined",
}  # fmt: skip
_CODECS = {label: codec for codec, labels in _BY_LABEL.items() for label in labels.split()}

# Attack row 20: only these. `idna`, `unicode_escape`, `hex` and their like are codecs, but no charsets.
_ALLOWED = re.compile(
    r"(?:ascii|utf_?(?:7|8|16|32)(?:_?(?:le|be))?|cp\d{3,5}|iso8859_\d{1,2}|koi8_[rut]|mac_[a-z]+\d?"
    r"|gb18030|gb2312|gbk|hz|big5|big5hkscs|johab|ptcp154|kz1048|hp_roman8)\Z"
)
_OUR_OWN = frozenset({"jis", "euc", "utf16", ""})
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_END_OF_LABEL = re.compile(r"[;,\r\n\x00]")
_COMMENT = re.compile(r"[ \t(]")
_CODE_PAGE = re.compile(r"(?:cp|windows|win|ms|ibm|dos|xcp|xwindows|cswindows|codepage|oem)?0{0,3}(\d{3,5})\Z")
_ISO_8859 = re.compile(r"(?:x|cs)?(?:iso)?8859(?:part)?(\d{1,2})(?:i|e|\d{4})?\Z")
_MAX_LABEL = 80


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """Give the codec for a charset label, or the empty string for what is unknown or no charset."""
    if len(label) > _MAX_LABEL or "\x00" in label:
        return ""
    name = _END_OF_LABEL.split(label.strip(" \t\"'").lower(), maxsplit=1)[0]
    name = name.rpartition("charset=")[2].partition("$")[0]
    return _codec(name) or _codec(_COMMENT.split(name, maxsplit=1)[0])


def _codec(name: str) -> str:
    key = _PUNCTUATION.sub("", name)
    if key in _CODECS:
        return _CODECS[key]
    return _iso_8859(key) or _code_page(key) or _standard(key)


def _iso_8859(key: str) -> str:
    match = _ISO_8859.match(key)
    return _allowed(f"iso8859_{match.group(1)}") if match else ""


def _code_page(key: str) -> str:
    """Windows numbers: `windows-1251`, `cp-932`, `65001`, `x-cp1250`; 28591 and on are ISO 8859."""
    match = _CODE_PAGE.match(key)
    if not match:
        return ""
    number = match.group(1)
    if 28_592 <= int(number) <= 28_605:
        return _iso_8859(f"iso8859{int(number) - 28_590}")
    return _CODECS.get(f"cp{number}") or _allowed(f"cp{number}")


def _standard(key: str) -> str:
    return next(
        (found for name in (key, key.removeprefix("x"), key.removeprefix("cs")) if (found := _allowed(name))), ""
    )


def _allowed(name: str) -> str:
    try:
        found = codecs.lookup(name).name.replace("-", "_")
    except (LookupError, ValueError, UnicodeError):
        return ""
    found = _CODECS.get(_PUNCTUATION.sub("", found), found)
    return found if _ALLOWED.match(found) or found in _OUR_OWN else ""
