//! A rule made of an output that no rule knows: a stub, to which a person adds what only a person knows. Pure.

mod draft;
mod file;
mod id;
mod pieces;
mod private;
mod scalar;
mod shapes;
mod words;

pub use private::Private;

use draft::{Draft, Form};
use pieces::Piece;

use crate::examples;
use crate::lint::{self, Weight};
use crate::rules::{RuleSet, Source, read_rule};
use crate::scan::{Quote, Scanner, without_prefix};
use crate::secrets::without_literal_secrets;

/// A longer line is cut before it is looked at: the part behind says no more about the failure.
const LONGEST_LINE: usize = 2000;

/// A rule's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// The rule's id.
    pub id: String,
    /// The file's text.
    pub text: String,
    /// The pattern of its symptom.
    pub pattern: String,
    /// The line of the output that it was made of.
    pub line: u64,
}

/// The stub for an output, made of the first of its `lines` that does, where they stand with the likeliest first.
/// `rules`: those it has to get along with. `id`: its name, where the person has one.
///
/// It can be read, is not doubtful, is seen in its example and in the output itself, and takes no other rule's example
/// away. `None`: no line has enough words for that.
pub fn stub(rules: &RuleSet, lines: &[&Quote], id: Option<&str>, private: &Private) -> Option<Stub> {
    let private = private.with_homes_in(lines.iter().map(|line| line.text.as_str()));
    let lines: Vec<Shown> = lines.iter().map(|line| Shown::new(line, &private)).collect();
    let attempts = Form::ALL.iter().flat_map(|forms| lines.iter().map(move |line| (line, *forms)));
    let mut drafts = attempts.flat_map(|(line, forms)| forms.iter().map(move |form| (line, *form)));
    drafts.find_map(|(line, form)| {
        let draft = Draft::new(&line.pieces, form)?;
        let id = id.map_or_else(|| id::of(&line.pieces, rules), str::to_owned);
        [context(line, &lines), vec![line]].iter().find_map(|example| {
            let example: Vec<String> = example.iter().map(|line| line.example()).collect();
            let text = file::text(&id, &draft, &example, rules);
            let stub = Stub { id: id.clone(), text, pattern: draft.pattern.clone(), line: line.number };
            stub.holds(rules, &line.printed).then_some(stub)
        })
    })
}

/// A line as it was printed, and as it may be shown.
struct Shown {
    number: u64,
    printed: String,
    pieces: Vec<Piece>,
}

impl Shown {
    fn new(line: &Quote, private: &Private) -> Self {
        let mut said = line.text.as_str();
        // A prefix before a prefix: the example must not have one left that would be left out when it is read.
        loop {
            match without_prefix(said) {
                rest if rest.len() < said.len() => said = rest,
                _ => break,
            }
        }
        let open = without_literal_secrets(said);
        let cut = open.char_indices().nth(LONGEST_LINE).map_or(open.len(), |(at, _)| at);
        Shown { number: line.line, printed: line.text.clone(), pieces: pieces::of(&open[..cut], private) }
    }

    fn example(&self) -> String {
        pieces::shown(pieces::within(&self.pieces, draft::LONGEST)).trim_end().to_owned()
    }
}

/// The line with those that stand right before and behind it, in the output's order.
fn context<'l>(line: &'l Shown, lines: &'l [Shown]) -> Vec<&'l Shown> {
    let mut sorted: Vec<&Shown> = lines.iter().filter(|it| !it.example().trim().is_empty()).collect();
    sorted.sort_by_key(|it| it.number);
    sorted.dedup_by_key(|it| it.number);
    let runs = sorted.chunk_by(|one, next| one.number + 1 == next.number);
    let run = runs.into_iter().find(|run| run.iter().any(|it| std::ptr::eq(*it, line)));
    run.map_or_else(|| vec![line], <[&Shown]>::to_vec)
}

impl Stub {
    /// Whether all holds of it that `rules lint` and `rules test` ask for, and it is seen in what was printed.
    fn holds(&self, rules: &RuleSet, printed: &str) -> bool {
        let source = Source { name: format!("{}.yaml", self.id), text: self.text.clone() };
        let Ok(read) = read_rule(source, &self.id, None) else { return false };
        let alone = RuleSet::from_checked(vec![read.rule.clone()]);
        let mut scanner = Scanner::new(&alone);
        scanner.feed(printed.as_bytes());
        if scanner.finish().sightings.is_empty() {
            return false;
        }
        let Ok(rules) = rules.clone().with(&[read]) else { return false };
        lint::one(&rules, &self.id).iter().all(|lint| lint.weight != Weight::Warning)
            && examples::one(&rules, &self.id).is_empty()
    }
}

#[cfg(test)]
mod tests;
