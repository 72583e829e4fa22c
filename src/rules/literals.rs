//! The literals that a pattern cannot match without: they are searched for first, all rules' at once.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

/// A literal shorter than this many bytes would hit nearly every line.
pub(super) const SHORTEST: usize = 4;

/// More alternatives than this are not worth searching for.
const MOST: usize = 64;

/// A set of literals of which one stands in every text that `pattern` matches, none with a line end; empty if there
/// is no set in which each has [`SHORTEST`] bytes. Of several sets, the one whose shortest literal is the longest.
pub(super) fn required(pattern: &Hir) -> Vec<String> {
    best(pattern).map(|set| set.literals).unwrap_or_default()
}

struct Set {
    shortest: usize,
    literals: Vec<String>,
}

fn best(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Alternation(branches) => {
            let sets = branches.iter().map(best).collect::<Option<Vec<_>>>()?;
            let shortest = sets.iter().map(|set| set.shortest).min()?;
            let mut literals: Vec<_> = sets.into_iter().flat_map(|set| set.literals).collect();
            literals.sort();
            literals.dedup();
            (literals.len() <= MOST).then_some(Set { shortest, literals })
        }
        HirKind::Concat(parts) => {
            let tails = (0..parts.len()).filter_map(|at| prefixes(&Hir::concat(parts[at..].to_vec())));
            tails.chain(parts.iter().filter_map(best)).reduce(better)
        }
        _ => prefixes(hir),
    }
}

fn better(one: Set, other: Set) -> Set {
    let rank = |set: &Set| (set.shortest, usize::MAX - set.literals.len());
    if rank(&other) > rank(&one) { other } else { one }
}

/// The literals one of which every match of `hir` begins with.
fn prefixes(hir: &Hir) -> Option<Set> {
    let found = Extractor::new().extract(hir);
    let literals = found.literals()?.iter().map(|literal| {
        // A long one is cut, perhaps within a character.
        let text = literal.as_bytes().utf8_chunks().next().map_or("", |chunk| chunk.valid());
        text.split('\n').next().unwrap_or_default().to_owned()
    });
    let mut literals: Vec<String> = literals.collect();
    literals.sort();
    literals.dedup();
    let shortest = literals.iter().map(String::len).min()?;
    (shortest >= SHORTEST && literals.len() <= MOST).then_some(Set { shortest, literals })
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
    fn case_folding_is_spelt_out() {
        assert!(of("(?i)no gpu").iter().all(|literal| literal.to_lowercase().starts_with("no g")));
        assert!(!of("(?i)no gpu").is_empty());
    }
}
