//! One spelling for the many ways in which a name is written.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Articles of Arabic names, before sun letters and by other transliterations, that all become "al" inside a name.
const ARTICLES: [&str; 17] = [
    "ad", "al", "an", "ar", "as", "ash", "at", "az", "ed", "el", "en", "er", "es", "esh", "et",
    "ez", "ess",
];

/// A folded name that grows word by word: lower case, no accents, no apostrophes or full stops, hyphens as spaces,
/// "Mt" and "St" in full, one form of the Arabic article ("Deir Ezzor" stays apart from "Deir ez-Zor").
#[derive(Debug, Default, Clone)]
pub struct Folded {
    text: String,
    /// Start of the word that is being written, where its letters have begun.
    word: Option<usize>,
}

impl Folded {
    /// The folded name so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True without letters.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Forgets all, keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.word = None;
    }

    /// Writes the words of `name` and ends the last of them.
    pub fn push(&mut self, name: &str) {
        for c in name.chars() {
            self.push_char(c);
        }
        self.end_word();
    }

    fn push_char(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.letter(c.to_ascii_lowercase());
        } else if c.is_ascii() {
            if !matches!(c, '\'' | '`' | '.') {
                self.end_word();
            }
        } else {
            self.push_wide(c);
        }
    }

    fn push_wide(&mut self, c: char) {
        match c {
            'ı' | 'İ' => self.letter('i'),
            'ł' | 'Ł' => self.letter('l'),
            'ø' | 'Ø' => self.letter('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => self.letter('d'),
            'ə' | 'Ə' | 'ǝ' | 'Ǝ' => self.letter('e'),
            'ħ' | 'Ħ' => self.letter('h'),
            'ŋ' | 'Ŋ' => self.letter('n'),
            'ß' => self.letters("ss"),
            'æ' | 'Æ' => self.letters("ae"),
            'œ' | 'Œ' => self.letters("oe"),
            'þ' | 'Þ' => self.letters("th"),
            // Apostrophes, ayn and hamza, by all their signs; zero-width characters.
            '‘'
            | '’'
            | '‛'
            | 'ʼ'
            | 'ʻ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | '´'
            | 'ʹ'
            | 'ʺ'
            | '′'
            | '\u{200b}'..='\u{200d}'
            | '\u{ad}' => {}
            _ => {
                let mut any = false;
                decompose_canonical(c, |part| {
                    if part.is_alphanumeric() {
                        any = true;
                        part.to_lowercase().for_each(|p| self.letter(p));
                    } else if is_combining_mark(part) {
                        any = true;
                    }
                });
                if !any {
                    self.end_word();
                }
            }
        }
    }

    fn letters(&mut self, letters: &str) {
        letters.chars().for_each(|c| self.letter(c));
    }

    fn letter(&mut self, c: char) {
        if self.word.is_none() {
            if !self.text.is_empty() {
                self.unify_article();
                self.text.push(' ');
            }
            self.word = Some(self.text.len());
        }
        self.text.push(c);
    }

    fn end_word(&mut self) {
        let Some(start) = self.word.take() else {
            return;
        };
        let full = match &self.text[start..] {
            "mt" => "mount",
            "st" => "saint",
            "ste" => "sainte",
            "ft" => "fort",
            _ => return,
        };
        self.text.replace_range(start.., full);
    }

    /// The last word, if it is an article, gets its one form; called only when another word follows.
    fn unify_article(&mut self) {
        let start = self.text.rfind(' ').map_or(0, |space| space + 1);
        if self.text.len() - start <= 3 && ARTICLES.contains(&&self.text[start..]) {
            self.text.replace_range(start.., "al");
        }
    }
}

/// `name` folded.
pub fn fold(name: &str) -> String {
    let mut folded = Folded::default();
    folded.push(name);
    folded.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_meet() {
        for (left, right) in [
            ("Al Ḩudaydah", "al-Hudaydah"),
            ("Sana'a", "Sana’a"),
            ("Deir ez-Zor", "Deir al Zor"),
            ("As Suwayda", "al-Suwayda"),
            ("St. Petersburg", "Saint Petersburg"),
            ("Mt Hermon", "Mount Hermon"),
            ("Port-au-Prince", "Port au Prince"),
            ("Łódź", "Lodz"),
            ("Diyarbakır", "Diyarbakir"),
            ("N'Djamena", "Ndjamena"),
            ("Washington, D.C.", "Washington DC"),
            ("Şırnak", "Sirnak"),
        ] {
            assert_eq!(fold(left), fold(right));
        }
        assert_eq!(fold("Kerch Strait"), "kerch strait");
        assert_eq!(fold("  — "), "");
        // An article that ends a name is a word like any other.
        assert_eq!(fold("Ras al"), "ras al");
        assert_ne!(fold("Port Es"), fold("Port Al"));
    }
}
