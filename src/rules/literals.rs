//! The literals that a pattern cannot match without: they are searched for first, all rules' at once.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::windows;

/// A literal shorter than this many bytes would hit nearly every line.
pub(super) const SHORTEST: usize = 4;

/// More alternatives than this are not worth searching for.
const MOST: usize = 64;

/// What a literal costs, however rare it is.
const EACH: f64 = 1e-6;

/// What one costs that is too short to be searched for as the long ones are.
const SHORT: f64 = 1e-5;

/// What healthy outputs are full of: a part of it says little, however long it is.
const STOCK: &[&str] = &[
    " (exit code 1",
    "* getting (hex package)",
    " (hex package)",
    " already exists",
    " and ",
    " at line ",
    " does not exist",
    " failed",
    " failed to ",
    " for package ",
    " in the ",
    " is not ",
    " is not available",
    " is not found",
    " is undefined or private",
    " module is not available",
    " the dependency ",
    " with code ",
    "/nix/store/",
    "address already in use",
    "an error occurred",
    "build of '/nix/store/",
    "building '/nix/store/",
    "cannot find ",
    "command not found",
    "compiling ",
    "connection refused",
    "copying path '/nix/store/",
    "could not ",
    "could not find ",
    "could not resolve host",
    "downloading '",
    "error: ",
    "errors: ",
    "exception: ",
    "fatal: ",
    "fetching path '",
    "file not found",
    "function ",
    "has no ",
    "http://",
    "https://",
    "https://github.com/",
    "importerror: ",
    "in function '",
    "installing ",
    "invalid ",
    "library not loaded: ",
    "memory",
    "missing ",
    "module ",
    "no module named '",
    "no such file or directory",
    "not available",
    "not found",
    "not supported",
    "operation not permitted",
    "package '",
    "packages",
    "path '/nix/store/",
    "permission denied",
    "required by ",
    "requires ",
    "runtimeerror: ",
    "supported",
    "timeout",
    "unable to ",
    "undefined ",
    "unknown ",
    "unsupported ",
    "valueerror: ",
    "version ",
    "version `",
    "warning: ",
    "while ",
    "you can ",
    "** (mix) ",
    "** (runtimeerror) ",
    "(undefinedfunctionerror) function ",
    "[error] ",
];

/// A set of literals of which one stands, in whatever case, in every text that `pattern` matches, none with a line end;
/// empty if there is no set in which each has [`SHORTEST`] bytes. Of several sets, the one that is expected least. They are in
/// lower case, as far as they are ASCII.
pub(super) fn required(pattern: &Hir) -> Vec<String> {
    best(&folded(pattern)).map(|set| set.literals).unwrap_or_default()
}

/// The pattern in lower case, where a letter in either case is that letter alone.
fn folded(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Literal(literal) => Hir::literal(literal.0.to_ascii_lowercase()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut ascii = class.iter().filter(|range| range.start().is_ascii());
            match (ascii.next(), ascii.next(), ascii.next()) {
                (Some(upper), Some(lower), None)
                    if upper.start() == upper.end()
                        && lower.start() == lower.end()
                        && upper.start().is_ascii_uppercase()
                        && upper.start().to_ascii_lowercase() == lower.start()
                        // The sign of Kelvin and the long s are k and s to Unicode; nobody prints them.
                        && class.iter().all(|it| it.start().is_ascii() || matches!(it.start(), '\u{17f}' | '\u{212a}')) =>
                {
                    Hir::literal(lower.start().to_string().into_bytes())
                }
                _ => hir.clone(),
            }
        }
        HirKind::Capture(capture) => folded(&capture.sub),
        HirKind::Repetition(repetition) => Hir::repetition(regex_syntax::hir::Repetition {
            sub: Box::new(folded(&repetition.sub)),
            ..repetition.clone()
        }),
        HirKind::Concat(parts) => {
            let mut folded: Vec<Hir> = parts.iter().map(folded).collect();
            // Between words, any space is one: the search knows that a line may end there.
            for at in 1..folded.len().saturating_sub(1) {
                if is_space(&folded[at]) && ends_word(&folded[at - 1]) && begins_word(&folded[at + 1]) {
                    folded[at] = Hir::literal(*b" ");
                }
            }
            Hir::concat(folded)
        }
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(folded).collect()),
        _ => hir.clone(),
    }
}

/// `\s+`
fn is_space(hir: &Hir) -> bool {
    let HirKind::Repetition(repetition) = hir.kind() else { return false };
    let HirKind::Class(Class::Unicode(class)) = repetition.sub.kind() else { return false };
    let has = |c: char| class.iter().any(|range| (range.start()..=range.end()).contains(&c));
    repetition.min == 1 && repetition.max.is_none() && has(' ') && has('\n') && !has('a') && !has('.')
}

fn ends_word(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Literal(literal) if literal.0.last().is_some_and(u8::is_ascii_alphabetic))
}

fn begins_word(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Literal(literal) if literal.0.first().is_some_and(u8::is_ascii_alphabetic))
}

struct Set {
    /// How often one of them is expected in so many bytes of ordinary output, roughly.
    expected: f64,
    literals: Vec<String>,
}

impl Set {
    fn of(mut literals: Vec<String>) -> Option<Set> {
        literals.sort();
        literals.dedup();
        let long = literals.iter().all(|literal| literal.len() >= SHORTEST);
        let expected = literals.iter().map(|literal| expected(literal) + EACH).sum();
        (long && !literals.is_empty() && literals.len() <= MOST).then_some(Set { expected, literals })
    }
}

/// How often a literal is expected in ordinary output: less with each byte, and the less the rarer the byte.
fn expected(literal: &str) -> f64 {
    let bits: i32 = literal.bytes().map(bits).sum();
    let stock = STOCK.iter().any(|stock| stock.contains(literal)) || windows::is_ordinary(literal);
    let short = match windows::run(literal.len()) {
        Some(windows::LONG) => 0.0,
        Some(_) => SHORT,
        None => 1000.0 * SHORT,
    };
    short + 0.5f64.powi(bits).max(if stock { 1e-3 } else { 0.0 })
}

/// How much rarer a byte makes the text that it stands in.
fn bits(byte: u8) -> i32 {
    match byte {
        b' ' | b'e' | b't' | b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 1,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' | b'f' | b'g' | b'h' | b'/' | b'-' | b'.' | b'0'..=b'9' => 2,
        _ => 3,
    }
}

fn best(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Alternation(branches) => {
            let sets = branches.iter().map(best).collect::<Option<Vec<_>>>()?;
            Set::of(sets.into_iter().flat_map(|set| set.literals).collect())
        }
        HirKind::Concat(parts) => {
            let tails = (0..parts.len()).filter_map(|at| prefixes(&Hir::concat(parts[at..].to_vec())));
            let least = |one: Set, other: Set| if other.expected < one.expected { other } else { one };
            tails.chain(parts.iter().filter_map(best)).reduce(least)
        }
        _ => prefixes(hir),
    }
}

/// The literals one of which every match of `hir` begins with.
fn prefixes(hir: &Hir) -> Option<Set> {
    let found = Extractor::new().limit_total(MOST).extract(hir);
    let literals = found.literals()?.iter().map(|literal| {
        // A long one is cut, perhaps within a character.
        let text = literal.as_bytes().utf8_chunks().next().map_or("", |chunk| chunk.valid());
        text.split('\n').next().unwrap_or_default().to_owned()
    });
    Set::of(literals.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<String> {
        required(&regex_syntax::ParserBuilder::new().multi_line(true).build().parse(pattern).unwrap())
    }

    #[test]
    fn the_longest_part_that_always_stands_there() {
        assert_eq!(of(r"^\s*error: hash mismatch in '(?<x>[^']+)' found"), ["error: hash mismatch in '"]);
        assert_eq!(of(r"(?:foobar|bazqux) \d+ tail-literal-here"), [" tail-literal-here"]);
        assert_eq!(of(r"(?:wanted: |specified: )\S+"), ["specified: ", "wanted: "]);
        assert_eq!(of(r"\d+\n\s+got: x\n"), ["got: x"]);
    }

    #[test]
    fn the_rarer_words_are_taken() {
        assert_eq!(of(r"(?:copying|building) path '[^']+'\n(?:.*\n)*?.*Killed: 9"), ["killed: 9"]);
        assert_eq!(of(r"error: '\S+' lacks it"), ["' lacks it"]);
    }

    #[test]
    fn a_space_between_words_is_one() {
        assert_eq!(of(r"(?:is\s+marked\s+as)\s+broken"), ["is marked as broken"]);
        assert_eq!(of(r"specified:\s+sha256\s+is"), ["specified:"]);
    }

    #[test]
    fn a_long_literal_may_be_cut_anywhere() {
        for length in 0..4 {
            let text = format!("{}{}", "a".repeat(length), "𐁐".repeat(100));
            let found = of(&text);
            assert!(found.len() == 1 && text.starts_with(&found[0]) && found[0].len() > 50, "{found:?}");
        }
    }

    #[test]
    fn optional_parts_are_not_required() {
        assert_eq!(of(r"(?:optional words)?needed"), ["needed"]);
        assert!(of(r"(?:abcd)*x").is_empty());
        assert!(of(r"\w+|error").is_empty());
        assert!(of(r"a.b").is_empty());
    }

    #[test]
    fn letters_in_either_case_are_one() {
        assert_eq!(of("(?i)no gpus? (?-i:Kelvin)"), ["no gpu kelvin", "no gpus kelvin"]);
        assert_eq!(of("[Uu]nknown KEY skips"), ["unknown key skips"]);
    }
}
