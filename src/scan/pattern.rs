//! Patterns, made ready to match when they are first needed.

use std::sync::OnceLock;

use regex_automata::meta::{self, Regex};
use regex_automata::util::syntax;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSetItem, Repetition, RepetitionKind, Visitor,
    parse::Parser, visit,
};

/// A compiled pattern may take this many bytes.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// Patterns of so many bytes are compiled to learn how large they become.
const LONG: usize = 4096;

/// After so many tries the automaton is worth its making.
const MANY: u32 = 32;

/// A pattern that is compiled when it is first tried, and for speed once it is tried often.
#[derive(Debug, Default)]
pub(super) struct Lazy {
    light: OnceLock<Option<Regex>>,
    fast: OnceLock<Option<Regex>>,
}

impl Lazy {
    /// The pattern, tried so many times before; `None` if it is none.
    pub(super) fn get(&self, pattern: &str, tries: u32) -> Option<&Regex> {
        let (cell, build) = match tries >= MANY {
            true => (&self.fast, meta::Config::new()),
            false => (&self.light, light()),
        };
        cell.get_or_init(|| build_with(pattern, build).ok()).as_ref()
    }
}

/// Most patterns of a run are tried once or twice, on a few lines: no automata, which take longer to make than to walk
/// without them.
fn light() -> meta::Config {
    meta::Config::new().hybrid(false).dfa(false).onepass(false).auto_prefilter(false)
}

/// A pattern, ready to match.
///
/// # Errors
/// It is no regex, or its compiled form is too large.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    build_with(pattern, light())
}

/// Whether a pattern that is known to be a regex stays within the limit of its compiled form.
///
/// # Errors
/// It does not.
pub fn fits(pattern: &str) -> Result<(), String> {
    // Only counted repetitions and classes of Unicode make the form grow faster than the pattern is long.
    let grows = pattern.contains(['{', '&', '~']) || pattern.contains("\\p") || pattern.contains("\\P");
    match grows || pattern.len() > LONG {
        true => compile(pattern).map(|_| ()),
        false => Ok(()),
    }
}

fn build_with(pattern: &str, config: meta::Config) -> Result<Regex, String> {
    let syntax = syntax::Config::new().multi_line(true).utf8(false);
    let config = config.nfa_size_limit(Some(SIZE_LIMIT)).utf8_empty(false);
    let regex = meta::Builder::new().syntax(syntax).configure(config).build(&ascii(pattern));
    regex.map_err(|error| match (error.size_limit(), error.syntax_error()) {
        (Some(limit), _) => format!("a pattern's compiled form exceeds {limit} bytes"),
        (None, Some(syntax)) => syntax.to_string(),
        (None, None) => error.to_string(),
    })
}

/// The pattern with `\w`, `\d`, `\s` and `\b` spelt out for ASCII: all of Unicode's letters make it ten times as large,
/// and no tool's own words need them. A repeated `.` or `[^x]` takes bytes, not characters, for the same reason.
fn ascii(pattern: &str) -> String {
    let mut classes = Classes { pattern, found: Vec::new(), bytes_until: None };
    match Parser::new().parse(pattern).map(|tree| visit(&tree, &mut classes)) {
        Ok(Ok(())) => {}
        Ok(Err(never)) => match never {},
        Err(_) => return pattern.to_owned(),
    }
    let mut spelt = String::with_capacity(pattern.len() * 2);
    let mut at = 0;
    for (from, to, instead) in classes.found {
        spelt.push_str(&pattern[at..from]);
        spelt.push_str(instead);
        at = to;
    }
    spelt.push_str(&pattern[at..]);
    spelt
}

/// Where such classes stand in a pattern, in its order, and what they mean.
struct Classes<'p> {
    pattern: &'p str,
    found: Vec<(usize, usize, &'static str)>,
    /// Where the class ends that takes bytes.
    bytes_until: Option<usize>,
}

impl Classes<'_> {
    fn class(&mut self, class: &ClassPerl) {
        let meaning = match (&class.kind, class.negated) {
            (ClassPerlKind::Digit, false) => "[0-9]",
            (ClassPerlKind::Digit, true) => "[^0-9]",
            (ClassPerlKind::Space, false) => r"[\t-\r ]",
            (ClassPerlKind::Space, true) => r"[^\t-\r ]",
            (ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
            (ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
        };
        self.found.push((class.span.start.offset, class.span.end.offset, meaning));
    }

    /// Whether it is all but some characters of ASCII, many times.
    fn takes_bytes(&self, repetition: &Repetition) -> bool {
        let all_but = match &*repetition.ast {
            Ast::Dot(_) => true,
            Ast::ClassBracketed(class) => class.negated,
            _ => false,
        };
        let span = repetition.ast.span();
        all_but
            && repetition.op.kind != RepetitionKind::ZeroOrOne
            && self.pattern[span.start.offset..span.end.offset].is_ascii()
    }
}

impl Visitor for &mut Classes<'_> {
    type Output = ();
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::Repetition(it) = ast
            && self.takes_bytes(it)
        {
            let span = it.ast.span();
            self.found.push((span.start.offset, span.start.offset, "(?-u:"));
            self.bytes_until = Some(span.end.offset);
        }
        Ok(())
    }

    fn visit_post(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::ClassPerl(class) => self.class(class),
            Ast::Assertion(it) if it.kind == AssertionKind::WordBoundary => {
                self.found.push((it.span.start.offset, it.span.end.offset, r"(?-u:\b)"));
            }
            _ => {}
        }
        let end = ast.span().end.offset;
        if self.bytes_until == Some(end) {
            self.found.push((end, end, ")"));
            self.bytes_until = None;
        }
        Ok(())
    }

    fn visit_class_set_item_post(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        if let ClassSetItem::Perl(class) = item {
            self.class(class);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_ascii() {
        assert_eq!(
            ascii(r"^\s*a[\w.-]+\b(?i:\d)«é»$"),
            r"^[\t-\r ]*a[[0-9A-Za-z_].-]+(?-u:\b)(?i:[0-9])«é»$"
        );
        assert_eq!(ascii(r"[^\n]{0,9}?a.+[^é]*[^x]?"), r"(?-u:[^\n]){0,9}?a(?-u:.)+[^é]*[^x]?");
        assert_eq!(ascii(r"[^\s\d]+"), r"(?-u:[^[\t-\r ][0-9]])+");
        assert_eq!(ascii("a("), "a(");
        let matches = |pattern: &str, text: &str| compile(pattern).unwrap().is_match(text);
        assert!(matches(r"^\S+\b x[^\w\s]$", "é_ x!") && !matches(r"^\w+$", "é"));
    }

    #[test]
    fn a_pattern_that_grows_too_large_is_refused() {
        assert!(compile(r"(?:\pL{200}){200}").unwrap_err().contains("exceeds"));
        assert!(fits(r"(?:\pL{200}){200}").unwrap_err().contains("exceeds"));
        assert!(fits(r"a \w+ \S* [^x]+ \d{3}").is_ok());
        // What is not compiled stays far below the limit.
        let longest = r"[^\s]".repeat(LONG / 5);
        assert!(compile(&longest).is_ok_and(|regex| regex.memory_usage() < SIZE_LIMIT));
        assert!(compile("a(").is_err());
    }

    #[test]
    fn a_pattern_means_the_same_however_often_it_is_tried() {
        let lazy = Lazy::default();
        for tries in [0, MANY] {
            let regex = lazy.get(r"(?<what>\w+) is broken", tries).unwrap();
            assert!(regex.is_match("it is broken") && !regex.is_match("is broken"));
        }
    }
}
