//! Reading symptoms: the regex, its captures, and the literals it cannot match without.

use std::ops::Range;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use super::{Kind, Node, Reader};
use crate::rules::format::SYMPTOM;
use crate::rules::{Literal, Symptom, literals, windows};

/// The lines that a match may span unless the rule says otherwise.
const LINES: usize = 12;

/// More lines than this are not kept.
pub(crate) const MOST_LINES: u64 = 200;

impl Reader {
    pub(super) fn symptoms(&mut self, node: &Node) -> Vec<Symptom> {
        self.items(node).iter().filter_map(|item| self.symptom(item)).collect()
    }

    fn symptom(&mut self, node: &Node) -> Option<Symptom> {
        if matches!(node.kind, Kind::Scalar { .. }) {
            return self.pattern(node, LINES);
        }
        let fields = self.map(node, SYMPTOM)?;
        let lines = fields.get("lines").map_or(Some(LINES), |lines| {
            let number = self.number(lines)?;
            if !(1..=MOST_LINES).contains(&number) {
                let message = format!("this must be a number of lines from 1 to {MOST_LINES}");
                self.problem(lines.span.clone(), message, None);
            }
            usize::try_from(number).ok()
        });
        let pattern = self.required(&fields, "pattern")?;
        self.pattern(pattern, lines?)
    }

    fn pattern(&mut self, node: &Node, lines: usize) -> Option<Symptom> {
        let pattern = self.text(node)?;
        let hir = self.parsed(node, &pattern)?;
        let literals = literals::required(&hir);
        if literals.is_empty() {
            let help = format!(
                "write some fixed words of the tool into it, {} characters or more on one line",
                literals::SHORTEST
            );
            self.problem(node.span.clone(), "no literal stands in every match of this pattern", Some(help));
        }
        let literals = literals.into_iter().map(|text| Literal { windows: windows(&text), text }).collect();
        let mut captures = Vec::new();
        collect_captures(&hir, &mut captures);
        Some(Symptom { lines: if may_span_lines(&hir) { lines } else { 1 }, pattern, captures, literals })
    }

    /// A regex without captures.
    pub(super) fn regex(&mut self, node: &Node) -> Option<String> {
        let pattern = self.text(node)?;
        self.parsed(node, &pattern)?;
        Some(pattern)
    }

    fn parsed(&mut self, node: &Node, pattern: &str) -> Option<Hir> {
        match ParserBuilder::new().multi_line(true).build().parse(pattern) {
            Ok(hir) => Some(hir),
            Err(error) => {
                self.captures_unknown = true;
                let (span, message) = match &error {
                    regex_syntax::Error::Parse(error) => (error.span(), error.kind().to_string()),
                    regex_syntax::Error::Translate(error) => (error.span(), error.kind().to_string()),
                    _ => {
                        self.problem(node.span.clone(), format!("this is no regex: {error}"), None);
                        return None;
                    }
                };
                let place = self.inside(node, pattern, span.start.offset..span.end.offset);
                self.problem(place, format!("this is no regex: {message}"), None);
                None
            }
        }
    }

    /// Where a part of a pattern stands in the file, whether the pattern is a block or on one line.
    fn inside(&self, node: &Node, pattern: &str, part: Range<usize>) -> Range<usize> {
        let text = &self.source.text;
        let written = &text[node.span.clone()];
        if let Some(at) = written.find(pattern) {
            let start = node.span.start + at;
            return start + part.start..start + part.end;
        }
        let before = pattern.get(..part.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = pattern[line_start..].lines().next().unwrap_or_default();
        let from = text[..node.span.start].rfind('\n').map_or(0, |at| at + 1);
        match text[from..].find(line) {
            Some(at) if !line.is_empty() => {
                let start = from + at + (part.start - line_start);
                start..(start + part.len()).min(from + at + line.len())
            }
            _ => node.span.clone(),
        }
    }
}

fn collect_captures(hir: &Hir, into: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            if let Some(name) = &capture.name
                && !into.iter().any(|known| known == &**name)
            {
                into.push(name.to_string());
            }
            collect_captures(&capture.sub, into);
        }
        HirKind::Repetition(repetition) => collect_captures(&repetition.sub, into),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| collect_captures(part, into));
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

/// Whether a match can hold a line's end.
fn may_span_lines(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&'\n'))
        }
        HirKind::Class(regex_syntax::hir::Class::Bytes(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&b'\n'))
        }
        HirKind::Capture(capture) => may_span_lines(&capture.sub),
        HirKind::Repetition(repetition) => may_span_lines(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(may_span_lines),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}
