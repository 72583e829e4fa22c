//! The parts of a literal by which a search finds it: chosen once, when a rule is read.

use std::sync::LazyLock;

/// The search looks at a run of bytes at every place that this divides.
pub const STEP: usize = 4;

/// So many bytes have the runs by which long literals are searched for,
pub const LONG: usize = 6;

/// and so many those of the ones that are too short for that.
pub const SHORT: usize = 3;

/// How long the runs are by which a literal of so many bytes is searched for: it has to have one at such a place, wherever it
/// stands. `None` if it is too short for any.
pub fn run(literal: usize) -> Option<usize> {
    [LONG, SHORT].into_iter().find(|run| run + STEP - 1 <= literal)
}

/// What tools print while all goes well, and common words: runs of bytes in it are common in logs.
const ORDINARY: &str = include_str!("ordinary.txt");

/// The places are counted in a table of so many, and those that share one together.
const PLACES: usize = 1 << 20;

/// What a run costs that stands once in ordinary output: more than any that does not.
const KNOWN: u64 = 1 << 26;

static OFTEN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut often = vec![0u8; PLACES];
    for length in [LONG, SHORT] {
        for run in ORDINARY.as_bytes().windows(length) {
            let count = &mut often[place(run)];
            *count = count.saturating_add(1);
        }
    }
    often
});

/// Where in a literal the window begins whose runs are expected least in ordinary output, and another that has nothing of
/// it: where a line ends within one, the literal is still found by the other. None in a literal that is too short.
pub fn windows(literal: &str) -> Vec<u16> {
    let literal = literal.as_bytes();
    let Some(run) = run(literal.len()) else { return Vec::new() };
    let window = run + STEP - 1;
    let costs: Vec<u64> = literal.windows(run).map(cost).collect();
    let windows = costs.windows(STEP).zip(literal.windows(window)).map(|(costs, window)| {
        // Where a literal has a space, the text can have more of them, or a line's end.
        costs.iter().sum::<u64>() << if window.contains(&b' ') { 2 } else { 0 }
    });
    let mut windows: Vec<(u64, u16)> = windows.zip(0..=u16::MAX).collect();
    windows.sort_unstable();
    let Some(&(_, first)) = windows.first() else { return Vec::new() };
    let apart = |at: &u16| usize::from(at.abs_diff(first)) >= window && literal.contains(&b' ');
    // One that is common costs every search more than it finds.
    let rare = windows.into_iter().take_while(|(cost, _)| *cost < 8 * KNOWN);
    let second = rare.map(|(_, at)| at).find(apart);
    std::iter::once(first).chain(second).collect()
}

/// Whether each part of a literal stands in ordinary output.
pub(super) fn is_ordinary(literal: &str) -> bool {
    literal.len() >= LONG && literal.as_bytes().windows(LONG).all(|run| OFTEN[place(run)] > 0)
}

fn cost(run: &[u8]) -> u64 {
    let common: u32 = run.iter().map(|&byte| commonness(byte)).sum();
    // Once in the ordinary output weighs more than letters that are among the commonest.
    u64::from(OFTEN[place(run)]) * KNOWN + (1 << (common / 2))
}

fn place(run: &[u8]) -> usize {
    let hash = run.iter().fold(0u64, |hash, &byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 20) as usize % PLACES
}

/// The logarithm of how often a byte stands in English and in logs, roughly.
fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' | b'e' | b't' => 7,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 6,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' | b'/' | b'-' | b'.' => 5,
        b'b' | b'f' | b'g' | b'h' | b'v' | b'y' | b'0'..=b'9' | b'_' | b':' => 4,
        b'k' | b'w' | b'x' | b'=' | b'"' | b'\'' | b',' => 3,
        b'A'..=b'Z' | b'j' | b'q' | b'z' | b'(' | b')' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarer_part_is_chosen() {
        let chosen = |literal: &str| {
            windows(literal).first().map(|&at| literal[usize::from(at)..][..LONG + STEP - 1].to_owned())
        };
        assert_eq!(chosen("executing '/nix/store/").as_deref(), Some("executing"));
        assert!(
            chosen("downloading frobnicate").is_some_and(|it| it.contains("frob") || it.contains("nicate"))
        );
        assert!(windows("short").is_empty());
    }

    #[test]
    fn a_second_one_has_nothing_of_the_first() {
        let both = windows("quuxify the zygote of a frobnicator");
        assert!(both.len() == 2 && both[0].abs_diff(both[1]) >= 9, "{both:?}");
        assert_eq!(windows("unsupported").len(), 1);
    }
}
