//! What rnix would need too much stack or time for.

use rnix::SyntaxKind::{self, *};
use rnix::tokenize;

use crate::project::located::is_large;

/// The parser calls itself at most once for each token that is counted here.
const DEEPEST: usize = 512;
/// The tokenizer looks again at a run of such characters for each token in it.
const RUNS: usize = 1 << 28;
const SHORT_RUN: usize = 256;

/// Whether a text is read in little time and little stack.
pub(super) fn is_bounded(text: &str) -> bool {
    !is_large(text) && has_short_runs(text) && is_shallow(text)
}

/// Whether the tokenizer alone reads a text in little time.
pub(super) fn has_short_runs(text: &str) -> bool {
    let in_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_.+-<".contains(byte);
    let runs = text.as_bytes().split(|byte| !in_run(byte)).map(<[u8]>::len);
    runs.filter(|&length| length > SHORT_RUN).map(|length| length * length).sum::<usize>() <= RUNS
}

/// What stands in one pair of brackets.
struct Level {
    /// Its tokens since the last separator; each of them may lie within the one before.
    tokens: usize,
    /// The separators to come that separate nothing, as the one of `with a; b`.
    belonging: usize,
    flat: bool,
}

impl Level {
    fn new(opener: SyntaxKind) -> Self {
        // A list's items lie beside each other, and so do a string's parts.
        Level { tokens: 0, belonging: 0, flat: matches!(opener, TOKEN_L_BRACK | TOKEN_STRING_START) }
    }
}

fn is_shallow(text: &str) -> bool {
    let mut levels = vec![Level::new(TOKEN_L_PAREN)];
    let mut depth = 0;
    for (kind, _) in tokenize(text).filter(|(kind, _)| !kind.is_trivia()) {
        let closes = matches!(
            kind,
            TOKEN_R_PAREN | TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_STRING_END | TOKEN_INTERPOL_END | TOKEN_IN
        );
        if closes && levels.len() > 1 {
            depth -= levels.pop().map_or(0, |level| level.tokens);
        }
        let Some(level) = levels.last_mut() else { return true };
        match kind {
            TOKEN_WITH | TOKEN_ASSERT => level.belonging += 1,
            TOKEN_SEMICOLON if level.belonging > 0 => level.belonging -= 1,
            TOKEN_SEMICOLON | TOKEN_COMMA => depth -= std::mem::take(&mut level.tokens),
            _ => {}
        }
        if !level.flat || kind == TOKEN_OR {
            level.tokens += 1;
            depth += 1;
        }
        let opens = matches!(
            kind,
            TOKEN_L_PAREN
                | TOKEN_L_BRACE
                | TOKEN_L_BRACK
                | TOKEN_STRING_START
                | TOKEN_INTERPOL_START
                | TOKEN_LET
        );
        if opens {
            levels.push(Level::new(kind));
        }
        if depth + levels.len() > DEEPEST {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_itself_is_counted() {
        for unit in [
            "(",
            "[",
            "{ a = ",
            "with a; ",
            "assert a; ",
            "!",
            "-",
            "a ++ ",
            "a // ",
            "a -> ",
            "a ",
            "a.b or ",
            "a: ",
            "\"${",
            "let a = 1; in ",
            "if a then b else ",
            "rec { inherit a; b = ",
            "{ a, b ? ",
            "with a; !!!!!!!!!! ",
            "let { a = ",
        ] {
            assert!(is_bounded(&unit.repeat(10)), "{unit}");
            assert!(!is_bounded(&unit.repeat(2_000)), "{unit}");
        }
    }

    #[test]
    fn what_lies_beside_each_other_is_not() {
        for unit in ["a = with b; [ c d ]; ", "a = let b = 1; in b; ", "inherit a; ", "a = ''x ${b} y''; "] {
            assert!(is_bounded(&format!("{{ {} }}", unit.repeat(5_000))), "{unit}");
        }
        assert!(is_bounded(&format!("[ {} ]", "a (b c) \"d${e}\" ".repeat(5_000))));
        assert!(is_bounded(&format!("''{}''", "${a} ".repeat(5_000))));
    }

    #[test]
    fn long_runs_and_large_files_are_refused() {
        assert!(!is_bounded(&"-.".repeat(20_000)));
        assert!(!is_bounded(&"<".repeat(20_000)));
        assert!(is_bounded(&format!("\"{}\"", "a".repeat(10_000))));
        assert!(!is_bounded(&" ".repeat(2 << 20)));
    }
}
