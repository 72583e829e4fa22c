//! The text of a stub: every key, with what belongs there.

use super::draft::Draft;
use super::scalar::{block, quoted};
use crate::rules::RuleSet;

/// The file of a rule with these lines as its example.
pub(super) fn text(id: &str, draft: &Draft, example: &[String], rules: &RuleSet) -> String {
    let lines: Vec<&str> = example.iter().map(String::as_str).collect();
    let taken = rules.rules().iter().any(|rule| rule.title == draft.title);
    let title = if taken { format!("{} ({id})", draft.title) } else { draft.title.clone() };
    let message = match &draft.message {
        Some(message) => format!("message: {}", quoted(message)),
        None => "# message: \"… ${name} …\"".to_owned(),
    };
    format!(
        r#"# A stub: what stands in it was worked out from one output. Look at each key, and write what only you know.

# Names the problem, never the cure, and is the file's name without its ending.
id: {id}

# The problem in one line, the same for every occurrence.
title: {title}

# The same with what was found: ${{name}} is what the symptom captures as (?<name>…).
{message}

# error, warning or info.
severity: error

# What it is about: a tool, a team.
family: house

# The version of envdoctor that it was written for.
since: {since}

# Where the tool's makers document it.
# references:
#   - https://…

# Two to six sentences that a newcomer understands: what the tool was doing, and why it stops.
explanation: |
  Nobody has explained this failure yet.

# How the tool reports it, as regexes: its fixed words as they are, and whatever varies as \S+, \d+ or (?<name>…). One for
# each wording.
symptoms:
  - {symptom}

# What helps, the best first. Instead of `tell`, a remedy may `run` a command, `edit` a file or `remove` one.
remedies:
  - title: Find out what helps
    tell: |
      Nobody has written down yet what helps.

# Outputs in which the rule must be seen. Give that of another version too. Nothing private belongs here: look it through.
examples:
  - {example}

# Outputs with nearly the same words, in which it must not be seen.
# near_misses:
#   - |
#     …
"#,
        title = quoted(&title),
        since = env!("CARGO_PKG_VERSION"),
        symptom = block(&[&draft.pattern], 4),
        example = block(&lines, 4),
    )
}
