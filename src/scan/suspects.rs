//! The lines that look most like an error, for failures that no rule knows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::bytes::{Regex, RegexSet};

use super::forms::{form as own, forms};
use super::quoted::is_quoted;
use super::text::Text;
use super::{Line, Quote};

/// So many lines are kept.
const MOST: usize = 4;

/// The forms in which tools begin an error; one of the stronger kind stands further up.
static FORMS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    forms([
        r"^\s*(?:[\w./-]+:\d+:(?:\d+:)? )?(?:fatal )?error(?:\[\w+\])?: \S",
        r"^\*\* \(\w",
        r"^(?:E +)?[A-Z]\w*(?:\.\w+)*(?:Error|Exception|Exit)(?:: \S|$)",
        r"^thread '.*' panicked at ",
        r"^(?:fatal|FATAL|E|ERR!|ERROR)(?::|\]| )\s*\S",
        r"^npm (?:ERR!|error) \S",
        r"^curl: \(\d+\) ",
        r": command not found$",
        r": (?:No such file or directory|Permission denied|Operation not permitted|cannot open shared object file)",
        r"^(?:\w+: \*\*\* |Segmentation fault|Bus error|Killed$|Abort trap)",
        r"^Traceback \(most recent call last\):$",
        r"^FAILED \S",
        r"^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?\d+ tests?, [1-9]\d* failures?(?:,|$)",
        r"^Failed: [1-9]\d* \w",
        r"^Process completed with exit code [1-9]",
    ])
});

/// Words without which a line has none of these forms.
const WORDS: &[&str] = &[
    "error",
    "Error",
    "ERR",
    "** (",
    "Exception",
    "Exit",
    "panicked at ",
    "fatal",
    "FATAL",
    "E: ",
    "E  ",
    "curl: (",
    ": command not found",
    "No such file",
    "ermission denied",
    "not permitted",
    "cannot open shared",
    ": *** ",
    "egmentation fault",
    "us error",
    "illed",
    "bort trap",
    "Traceback (",
    "FAILED ",
    " failure",
    "Failed: ",
    "xit code ",
];

/// How an error begins behind a prefix of a form that nobody has named.
static WITHIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| own(r"[\s|>\])](?:(?:fatal )?error(?:\[\w+\])?: \S|\*\* \(\w)"));

/// What makes of a rule's words, where they stand alone, the words of a failure.
static FAILURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own(r"(?i)\b(?:error|failed|cannot|could not|unable to|does not|not found|missing|mismatch)\b")
});

/// Errors that somebody has taken care of, and tests and commits that are about errors.
static EXCUSED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own(
        r"(?i)\b(?:ignor(?:ed|ing)|caught|rescued|recovered|retry|retrying|retried|warning|skipp(?:ed|ing))\b|\b(?:ok|passed)$|^\s*(?:\* )?test |\b(?:fix(?:e[sd])?|add(?:s|ed)?|handle[sd]?|improve[sd]?|returns?|raises?)\b",
    )
});

/// A line of a build's own log, as Nix prints it while the build runs.
static BUILDER: LazyLock<Option<Regex>> = LazyLock::new(|| own(r"^[\w.+@-]+> "));

/// One of the words is enough, so the shortest search does.
static SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(WORDS).ok());

/// So many lines are looked at: where nothing is known of so many errors, more of them tell no more.
const LOOKS: usize = 20_000;

/// Keeps the likeliest lines of a stream.
#[derive(Default)]
pub(super) struct Suspects {
    kept: Vec<(usize, Quote)>,
    looks: usize,
}

impl Suspects {
    /// Looks at the lines from a place on; `hits`: where words stand that a rule searches for.
    pub(super) fn consider(&mut self, text: &Text, from: usize, hits: &[usize]) {
        let Some(search) = SEARCH.as_ref() else { return };
        let hit: BTreeSet<usize> = hits.iter().map(|hit| text.line_start(*hit)).collect();
        let mut lines = hit.clone();
        let bytes = text.after(from);
        let mut at = 0;
        while self.looks + lines.len() < LOOKS
            && let Some(word) = search.find(&bytes[at..])
        {
            let place = from + at + word.start();
            lines.insert(text.line_start(place));
            at = text.line_end(place) - from;
        }
        self.looks += lines.len();
        for start in lines {
            self.line(text, &text.line(start), hit.contains(&start));
        }
    }

    /// Looks at a line; `hit`: words that a rule searches for stand in it.
    fn line(&mut self, text: &Text, line: &Line, hit: bool) {
        let Some(form) = form(line, hit) else { return };
        // What a builder prints while it goes on is not the failure: Nix says so itself when one fails.
        if BUILDER.as_ref().is_some_and(|builder| builder.is_match(line.text.as_bytes())) {
            return;
        }
        let after = self.kept.partition_point(|(kept, _)| *kept <= form);
        if after == MOST {
            return;
        }
        let error = WITHIN.as_ref().and_then(|within| within.find(line.text.as_bytes()));
        let words = error.map_or(b"".as_slice(), |found| found.as_bytes());
        let quote = text.quote(line).around(&String::from_utf8_lossy(words));
        if self.kept.iter().all(|(_, kept)| kept.text != quote.text) {
            self.kept.insert(after, (form, quote));
            self.kept.truncate(MOST);
        }
    }

    /// The kept lines in the order of the input.
    pub(super) fn finish(self) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = self.kept.into_iter().map(|(_, quote)| quote).collect();
        quotes.sort_by_key(|quote| quote.line);
        quotes
    }
}

/// Lines, the likeliest to be an error first.
pub fn by_likelihood<'q>(lines: impl IntoIterator<Item = &'q Quote>) -> Vec<&'q Quote> {
    let mut sorted: Vec<&Quote> = lines.into_iter().collect();
    sorted.sort_by_cached_key(|it| form(&Line::new(0, it.text.clone()), true).unwrap_or(usize::MAX));
    sorted
}

/// How far down the line's form stands among all forms.
pub(super) fn form(line: &Line, hit: bool) -> Option<usize> {
    let forms = FORMS.as_ref()?;
    // A page that a server sent tells of its own errors.
    if line.body().trim_start().starts_with('<') {
        return None;
    }
    let weaker = || {
        let is = |words: &LazyLock<Option<Regex>>| {
            words.as_ref().is_some_and(|it| it.is_match(line.text.as_bytes()))
        };
        // Cheap words first: most lines have none of them.
        let within = (line.text.contains("error") || line.text.contains("** (")) && is(&WITHIN);
        match within {
            true if !is(&EXCUSED) => Some(forms.len()),
            false if hit && is(&FAILURE) && !is(&EXCUSED) => Some(forms.len() + 1),
            _ => None,
        }
    };
    forms.matches(line.body().as_bytes()).iter().next().or_else(weaker).filter(|_| !is_quoted(line.body()))
}
