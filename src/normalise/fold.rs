//! What becomes of a single character.

/// A character on its way into the clean text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// Invisible: left out.
    Nothing,
    /// White space of any kind, line breaks included.
    Space,
    One(char),
    /// A ligature, as its letters.
    Many(&'static str),
}

/// Folds spaces, ligatures and full-width forms; drops what can't be seen. Quotes, dashes and accents stay.
pub(super) fn fold(c: char) -> Folded {
    match c {
        ' '..='~' => {
            if c == ' ' {
                Folded::Space
            } else {
                Folded::One(c)
            }
        }
        '\t'
        | '\n'
        | '\r'
        | '\u{b}'
        | '\u{c}'
        | '\u{85}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{fffc}' => Folded::Space,
        c if is_invisible(c) => Folded::Nothing,
        '\u{fb00}' => Folded::Many("ff"),
        '\u{fb01}' => Folded::Many("fi"),
        '\u{fb02}' => Folded::Many("fl"),
        '\u{fb03}' => Folded::Many("ffi"),
        '\u{fb04}' => Folded::Many("ffl"),
        '\u{fb05}' | '\u{fb06}' => Folded::Many("st"),
        // Full-width forms of ASCII, in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xff01 + 0x21).map_or(Folded::One(c), Folded::One)
        }
        // Hyphens that look like the plain one.
        '\u{2010}' | '\u{2011}' => Folded::One('-'),
        '\u{2212}' => Folded::One('-'),
        c => Folded::One(c),
    }
}

/// Control, format, variation and private-use characters: they would split words or hide text from a reader's eye.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}')
}
