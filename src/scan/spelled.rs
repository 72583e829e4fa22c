//! Escapes that somebody spelled out, or copied without the character that begins them: `\u001b[31m`, `[31m`, `\"`.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::forms::form;

/// Colours of terminals as JSON, shells and `cat -v` show them, and what escapes a quote in a string.
static SPELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let colour = r"(?:\\u001[bB]|\\x1[bB]|\\e|\\033|\^\[|(?u:␛))\[[\d;]{0,12}[mK]";
    let begun = r"\[(?:\d|2[1-9]|[349]\d|10[0-7])(?:;\d{1,3}){0,5}m";
    form(&format!(r"^(?:{colour}|{begun})+"))
});

/// One is not longer.
const LONGEST: usize = 32;

/// How many bytes of the text are spelled out at its beginning.
pub(super) fn length(text: &[u8]) -> usize {
    match text {
        [b'\\', b'"' | b'\'', ..] => 1,
        [b'[' | b'\\' | b'^' | 0xe2, ..] => {
            SPELLED.as_ref().and_then(|spelled| spelled.find(text)).map_or(0, |found| found.end())
        }
        _ => 0,
    }
}

/// Where what is spelled out begins that ends in front of `end`.
pub(super) fn start(text: &[u8], end: usize) -> Option<usize> {
    let whole = |start: &usize| start + length(&text[*start..end]) == end;
    match text[..end].last()? {
        b'm' | b'K' => (end.saturating_sub(LONGEST)..end).find(whole),
        b'\\' => Some(end - 1).filter(|at| length(&text[*at..]) == 1),
        _ => None,
    }
}

/// The line without what is spelled out in it, if anything is.
pub(super) fn read(line: &str) -> Option<String> {
    let mut rest = line;
    let mut read = String::new();
    while let Some(at) = rest.find(['[', '\\', '^', '␛']) {
        let length = length(&rest.as_bytes()[at..]);
        let next = at + rest[at..].chars().next().map_or(0, char::len_utf8);
        read.push_str(&rest[..if length > 0 { at } else { next }]);
        rest = &rest[if length > 0 { at + length } else { next }..];
    }
    read.push_str(rest);
    (read.len() < line.len()).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_out_is_read() {
        for line in [
            "[31;1merror:[0m attribute '[35;1mx[0m' missing",
            r"\u001b[31merror:\u001b[0m attribute 'x' missing",
            r"\e[1m\x1b[31merror:\033[m attribute \'x\' missing",
            "^[[31merror:^[[0m attribute 'x' missing^[[K",
        ] {
            assert_eq!(read(line).as_deref(), Some("error: attribute 'x' missing"), "{line}");
        }
        assert_eq!(read(r#"a \"b\" c"#).as_deref(), Some(r#"a "b" c"#));
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for line in
            ["[12/40] a", "list[0]", "[mix] a", r"C:\new\etc", "a && b", "plain", "[500ms] a", "[K8s]"]
        {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
