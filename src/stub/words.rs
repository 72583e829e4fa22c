//! The words of a line that tell its failure from others.

/// Words that any message may have.
const ORDINARY: &[&str] = &[
    "a",
    "after",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "call",
    "called",
    "can",
    "code",
    "could",
    "did",
    "do",
    "does",
    "due",
    "during",
    "error",
    "errors",
    "err",
    "exception",
    "exit",
    "exited",
    "exiting",
    "failed",
    "failure",
    "fails",
    "fatal",
    "file",
    "for",
    "from",
    "had",
    "has",
    "have",
    "if",
    "in",
    "info",
    "into",
    "invalid",
    "is",
    "it",
    "its",
    "last",
    "line",
    "make",
    "missing",
    "more",
    "most",
    "must",
    "of",
    "on",
    "or",
    "please",
    "recent",
    "see",
    "set",
    "status",
    "stop",
    "such",
    "that",
    "the",
    "their",
    "then",
    "there",
    "this",
    "to",
    "traceback",
    "try",
    "unable",
    "unknown",
    "use",
    "used",
    "using",
    "warning",
    "was",
    "when",
    "while",
    "will",
    "with",
    "you",
    "your",
];

/// Words that turn the meaning of the next one: short, and worth having in a name before it.
const TURNING: &[&str] = &["no", "not", "cannot", "without"];

/// Words that say what became of the thing before them.
const OUTCOMES: &[&str] = &["denied", "found", "refused"];

/// The words of a text, as they stand there.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.contains(char::is_alphabetic))
}

/// Whether a word tells one failure from another.
pub(super) fn is_telling(word: &str) -> bool {
    let lower = word.to_lowercase();
    let ordinary = [ORDINARY, TURNING, OUTCOMES].iter().any(|list| list.contains(&lower.as_str()));
    !ordinary && !is_exception(word) && is_long(word)
}

/// Whether a word is more than a letter or two.
pub(super) fn is_long(word: &str) -> bool {
    word.chars().count() >= 3 || !word.is_ascii()
}

/// Whether a word belongs into a rule's name.
pub(super) fn is_naming(word: &str) -> bool {
    is_telling(word) || is_turning(word) || OUTCOMES.contains(&word.to_lowercase().as_str())
}

/// Whether a word means nothing without the next one.
pub(super) fn is_turning(word: &str) -> bool {
    TURNING.contains(&word.to_lowercase().as_str())
}

/// `RuntimeError`: how, and not what.
fn is_exception(word: &str) -> bool {
    ["Error", "Exception", "Exit"].iter().any(|end| word.ends_with(end))
}
