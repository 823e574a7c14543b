//! Plain text: which line breaks end a paragraph, and which were only made to fit a screen.

use super::writer::Writer;

/// A line of the source.
struct Line<'a> {
    text: &'a str,
    /// Code points before it.
    start: u32,
    /// Its characters, without white space at the ends.
    width: usize,
}

/// Reads a text. A blank line always ends a paragraph; a single break does unless the text is hard-wrapped and the line
/// was full, or the sentence plainly goes on.
pub(super) fn read(text: &str) -> Writer {
    let lines = lines(text);
    let wrapped_at = wrap_width(&lines);
    let mut writer = Writer::default();
    for (i, line) in lines.iter().enumerate() {
        for (n, c) in line.text.chars().enumerate() {
            let at = line.start + n as u32;
            writer.push(c, at, at + 1, false);
        }
        let Some(next) = lines.get(i + 1) else { break };
        if !joins(line, next, wrapped_at) {
            writer.end_paragraph();
        } else if !breaks_a_compound(line, next) {
            let at = line.start + line.text.chars().count() as u32;
            writer.push(' ', at, at + 1, false);
        }
    }
    writer.end_paragraph();
    writer
}

/// Reads a text as one line, whatever breaks it has.
pub(super) fn read_line(text: &str) -> Writer {
    let mut writer = Writer::default();
    for (at, c) in text.chars().enumerate() {
        writer.push(c, at as u32, at as u32 + 1, false);
    }
    writer.end_paragraph();
    writer
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for text in text.split(['\n', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}']) {
        let width = text.trim().chars().count();
        lines.push(Line { text, start, width });
        start += text.chars().count() as u32 + 1;
    }
    lines
}

/// The width that the text was wrapped at, none if it was not.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    let pairs = || {
        lines
            .windows(2)
            .filter(|w| w[0].width > 0 && w[1].width > 0)
    };
    let width = pairs().map(|w| w[0].width).max()?;
    if !(50..=100).contains(&width) || lines.iter().any(|l| l.width > width + 10) {
        return None;
    }
    // The widest line is full by definition, so it does not count.
    let breaks = pairs().count();
    let full = pairs()
        .filter(|w| w[0].width < width && is_full(&w[0], &w[1], width))
        .count();
    let open = pairs().filter(|w| !ends_sentence(w[0].text)).count();
    (breaks >= 3 && (full + 1) * 10 >= breaks * 6 && open * 2 > breaks).then_some(width)
}

/// Whether the first word of the next line would not have fitted.
fn is_full(line: &Line, next: &Line, width: usize) -> bool {
    let word = next
        .text
        .split_whitespace()
        .next()
        .map_or(0, |w| w.chars().take(width + 1).count());
    line.width + 1 + word > width
}

fn joins(line: &Line, next: &Line, wrapped_at: Option<usize>) -> bool {
    if line.width == 0 || next.width == 0 || is_list_item(next.text) {
        return false;
    }
    let ends = ends_sentence(line.text);
    let goes_on = next
        .text
        .trim_start()
        .starts_with(|c: char| c.is_lowercase());
    if goes_on && !ends {
        return true;
    }
    match wrapped_at {
        Some(width) => is_full(line, next, width) && !is_indented(line, next),
        // A long line that stops within a sentence; a short one is a heading, a place and date, a list.
        None => {
            !ends
                && (55..=100).contains(&line.width)
                && next.width <= 100
                && ends_in_mid_sentence(line.text)
        }
    }
}

fn is_indented(line: &Line, next: &Line) -> bool {
    let indent = |l: &Line| l.text.chars().take_while(|c| c.is_whitespace()).count();
    indent(next) >= 2 && indent(line) == 0
}

fn is_list_item(text: &str) -> bool {
    let text = text.trim_start();
    let mut chars = text.chars();
    match chars.next() {
        Some('-' | '*' | '•' | '–' | '—' | '·' | '▪' | '●' | '■' | '►') => {
            chars.next().is_some_and(char::is_whitespace)
        }
        Some(c) if c.is_ascii_digit() => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            text.len() - rest.len() <= 2 && (rest.starts_with(". ") || rest.starts_with(") "))
        }
        _ => false,
    }
}

fn ends_sentence(text: &str) -> bool {
    let text = text
        .trim_end()
        .trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    text.ends_with(['.', '!', '?', ':', ';', '…'])
}

/// Whether the last word is one that no heading ends with.
fn ends_in_mid_sentence(text: &str) -> bool {
    let text = text.trim_end();
    let word = text.rsplit(char::is_whitespace).next().unwrap_or("");
    text.ends_with(',')
        || matches!(
            word,
            "a" | "an"
                | "the"
                | "of"
                | "in"
                | "on"
                | "at"
                | "to"
                | "by"
                | "for"
                | "from"
                | "with"
                | "and"
                | "or"
                | "but"
                | "that"
                | "which"
                | "who"
                | "its"
                | "their"
                | "his"
                | "her"
                | "said"
                | "President"
                | "Minister"
                | "was"
                | "were"
                | "is"
                | "are"
                | "has"
                | "have"
                | "had"
                | "will"
                | "would"
                | "as"
        )
}

/// "Iran-" at the end of a line and "backed" at the head of the next.
fn breaks_a_compound(line: &Line, next: &Line) -> bool {
    let line = line.text.trim_end();
    line.strip_suffix('-')
        .is_some_and(|l| l.ends_with(char::is_alphanumeric))
        && next.text.trim_start().starts_with(char::is_alphanumeric)
}
