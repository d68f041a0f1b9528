"""Letters that are taken for Latin ones: written here by eye and from what Unicode's report on
security mechanisms (UTS 39) says of them. Only those that fool a reader of an ordinary font."""

from __future__ import annotations

# Each line: what they look like, and in the same order who looks so.
_PAIRS = (
    # Cyrillic
    ("acdehijlopqsyxvwry", "асԁеһіјӏорԛѕухѵԝгү"),
    ("ABCEHIJKMOPSTYXVQWYFGLb", "АВСЕНІЈКМОРЅТУХѴԚԜҮҒԌӀЬ"),
    ("3lbhwdg", "ЗӀьћѡɗց"),
    # Greek
    ("aopvuikyxncjwto", "αορνυικγχηϲϳωτσ"),
    ("ABEZHIKMNOPTYXC", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ"),
    # Armenian
    ("onuhgqjSULOp", "օոսհցզյՏՍԼՕք"),
    # Cherokee
    ("ACDEGHJKLMPRSTVWZBY", "ᎪᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃᏴᎩ"),
    # Coptic
    ("opcxAHKMNOPCTX", "ⲟⲣⲥⲭⲀⲎⲔⲘⲚⲞⲢⲤⲦⲬ"),
    # Latin that is not ASCII, and marks NFKD does not take off
    ("iagiubdlolhetjzkAEBn", "ıɑɡɩʋƅđłøƖħɇŧɉƶƙȺɆɃƞ"),
    # Small capitals
    ("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"),
)

# What each is taken for: one ASCII letter or digit.
LOOKS: dict[str, str] = {
    char: look for looks, chars in _PAIRS for look, char in zip(looks, chars, strict=True)
}

# Read in place of each other in most fonts. Applied after case is folded.
DIGITS = str.maketrans({"0": "o", "1": "l", "|": "l"})
GROUPS = (("rn", "m"), ("vv", "w"))

# Scripts with letters of that kind; all others are not taken for Latin.
LIKE_LATIN = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})

# Between Latin letters these are taken for a slash or a dot, which end a host.
LIKE_SIGNS = frozenset("ノソン丿丶〳⁄∕╱⧸․。｡·ꓸ٠۰")
