//! YAML as a tree in which every node knows where it stands, so that each mistake can be pointed at.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// One node of a YAML document.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What it holds.
    pub(crate) kind: Kind,
    /// Where it stands: bytes of the file.
    pub(crate) span: Range<usize>,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Text; `plain` when it was written without quotes and not as a block, so that `true` or `3` may be meant.
    Scalar {
        /// The text, unescaped.
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order of the file; keys may repeat.
    Map(Vec<(Node, Node)>),
}

/// A place in the file and what is wrong there.
pub(crate) type Fault = (Range<usize>, String);

/// Deeper nesting is refused: no rule needs it, and a hostile file would exhaust the stack.
const DEPTH_LIMIT: usize = 32;

/// Reads the one document of a file; `None`: there is nothing in it.
///
/// # Errors
/// The first place at which the text is not the YAML of one document without aliases.
pub(crate) fn parse(text: &str) -> Result<Option<Node>, Fault> {
    let lines = LineStarts::new(text);
    let mut open: Vec<(Kind, Range<usize>, Option<Node>)> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = lines.offset(text, error.marker().line(), error.marker().col());
            (at..at, format!("this is not YAML: {}", error.info()))
        })?;
        let span = lines.range(text, span);
        let done = match event {
            Event::Scalar(value, style, ..) => Node {
                kind: Kind::Scalar { text: value.into_owned(), plain: style == ScalarStyle::Plain },
                span,
            },
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH_LIMIT => {
                return Err((span, format!("nested deeper than {DEPTH_LIMIT} levels")));
            }
            Event::SequenceStart(..) => {
                open.push((Kind::List(Vec::new()), span, None));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((Kind::Map(Vec::new()), span, None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some((kind, start, _)) => Node { kind, span: start.start..span.start.max(start.end) },
                None => continue,
            },
            Event::Alias(_) => return Err((span, "aliases (*name) are not read".to_owned())),
            Event::DocumentStart(_) if root.is_some() => {
                return Err((span, "a file holds one document: a second document starts here".to_owned()));
            }
            _ => continue,
        };
        match open.last_mut() {
            None => root = Some(done),
            Some((Kind::List(items), ..)) => items.push(done),
            Some((Kind::Map(entries), _, key)) => match key.take() {
                None => *key = Some(done),
                Some(name) => entries.push((name, done)),
            },
            Some((Kind::Scalar { .. }, ..)) => {}
        }
    }
    Ok(root)
}

/// So many characters apart, the bytes are known at which they stand.
const STEP: usize = 1024;

/// Where each line starts, to turn the parser's lines and columns (in characters) into bytes. A file that is one long line
/// is not counted through again for each of its nodes.
struct LineStarts {
    /// The number of each line's first character.
    characters: Vec<usize>,
    /// The byte of every [`STEP`]th character.
    bytes: Vec<usize>,
}

impl LineStarts {
    fn new(text: &str) -> Self {
        let (mut characters, mut bytes) = (vec![0], Vec::new());
        for (number, (at, c)) in text.char_indices().enumerate() {
            if number % STEP == 0 {
                bytes.push(at);
            }
            if c == '\n' {
                characters.push(number + 1);
            }
        }
        LineStarts { characters, bytes }
    }

    fn offset(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(&first) = self.characters.get(line.saturating_sub(1)) else { return text.len() };
        let wanted = first + column;
        let Some(&known) = self.bytes.get(wanted / STEP) else { return text.len() };
        text[known..].char_indices().nth(wanted % STEP).map_or(text.len(), |(at, _)| known + at)
    }

    fn range(&self, text: &str, span: Span) -> Range<usize> {
        let start = self.offset(text, span.start.line(), span.start.col());
        start..self.offset(text, span.end.line(), span.end.col()).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_bytes() {
        let text = "é: [a, 'b']\nkey:\n  - |-\n    line\n";
        let Kind::Map(entries) = parse(text).unwrap().unwrap().kind else { panic!("not a map") };
        let Kind::List(items) = &entries[0].1.kind else { panic!("not a list") };
        assert_eq!(&text[items[0].span.clone()], "a");
        assert_eq!(&text[items[1].span.clone()], "'b'");
        assert_eq!(&text[entries[1].0.span.clone()], "key");
    }

    #[test]
    fn nodes_of_a_long_line_know_their_bytes() {
        let items: Vec<String> = (0..20_000).map(|number| format!("é{number}")).collect();
        let text = format!("a: [{}]\n", items.join(", "));
        let Kind::Map(entries) = parse(&text).unwrap().unwrap().kind else { panic!("not a map") };
        let Kind::List(nodes) = &entries[0].1.kind else { panic!("not a list") };
        assert!(nodes.iter().zip(&items).all(|(node, item)| &text[node.span.clone()] == item));
    }

    #[test]
    fn hostile_files_are_refused() {
        assert!(parse("# nothing\n").unwrap().is_none());
        assert!(parse(&"[".repeat(50)).unwrap_err().1.contains("nested"));
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse("a: &x [1]\nb: *x\n").unwrap_err().1.contains("aliases"));
        assert!(parse("a: 1\n---\nb: 2\n").unwrap_err().1.contains("second document"));
        assert!(parse("a: [1\n").is_err());
    }
}
