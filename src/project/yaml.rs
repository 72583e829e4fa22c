//! YAML as a tree in which every node knows its place.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, Span};

use super::located::refuse_large;
use super::{FormatError, Located};

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Text, unescaped. Whether it is meant as a number is for its reader to say.
    Text(Located<String>),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order of the file.
    Map(Vec<(String, Node)>),
    /// What an alias of more than a text stands for: it is not followed, since a few lines can stand for gigabytes.
    Alias,
}

/// Deeper nesting is refused.
const DEPTH_LIMIT: usize = 64;

/// A longer text is not what an alias stands for here.
const LONGEST_ALIAS: usize = 512;

impl Node {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The keys with their values, where it has any.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Node)> {
        let entries = if let Node::Map(entries) = self { entries.as_slice() } else { &[] };
        entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The items of a list; a single text is a list of one.
    pub(super) fn items(&self) -> &[Node] {
        match self {
            Node::List(items) => items,
            Node::Text(_) => std::slice::from_ref(self),
            Node::Map(_) | Node::Alias => &[],
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&Located<String>> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }
}

/// Reads the first document of a file.
///
/// # Errors
/// The text is not YAML, or too much of it.
pub(super) fn parse(text: &str) -> Result<Node, FormatError> {
    refuse_large(text)?;
    let mut open: Vec<Open> = Vec::new();
    let mut anchored: HashMap<usize, String> = HashMap::new();
    let mut offsets = Offsets::of(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| FormatError::Invalid {
            line: error.marker().line().max(1),
            why: format!("not valid YAML: {}", error.info()),
        })?;
        let done = match event {
            Event::Scalar(value, _, anchor, _) => {
                if anchor != 0 && value.len() <= LONGEST_ALIAS {
                    anchored.insert(anchor, value.to_string());
                }
                Node::Text(offsets.locate(span, value.into_owned()))
            }
            Event::Alias(anchor) => match anchored.get(&anchor) {
                Some(value) => Node::Text(offsets.locate(span, value.clone())),
                None => Node::Alias,
            },
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH_LIMIT => {
                return Err(FormatError::TooMuch);
            }
            Event::SequenceStart(..) => {
                open.push(Open { node: Node::List(Vec::new()), key: None });
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open { node: Node::Map(Vec::new()), key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(done) => done.node,
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            None => return Ok(done),
            Some(Open { node: Node::List(items), .. }) => items.push(done),
            Some(Open { node: Node::Map(entries), key }) => match key.take() {
                None => *key = Some(done.text().map(|text| text.value.clone()).unwrap_or_default()),
                Some(name) => entries.push((name, done)),
            },
            Some(_) => {}
        }
    }
    Ok(Node::Map(Vec::new()))
}

/// A list or a map that is not yet read to its end; of a map, the key whose value comes next.
struct Open {
    node: Node,
    key: Option<String>,
}

/// From the parser's places, which count characters and only go forward, to offsets.
struct Offsets<'a> {
    characters: std::iter::Enumerate<std::str::CharIndices<'a>>,
    last: usize,
}

impl<'a> Offsets<'a> {
    fn of(text: &'a str) -> Self {
        Offsets { characters: text.char_indices().enumerate(), last: 0 }
    }

    fn locate(&mut self, span: Span, value: String) -> Located<String> {
        let index = span.start.index();
        let found = self.characters.by_ref().find(|(number, _)| *number >= index);
        self.last = found.map_or(self.last, |(_, (offset, _))| offset);
        Located { value, offset: self.last }
    }
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    fn place(text: &str, node: &Node) -> (String, usize, usize) {
        let node = node.text().unwrap();
        let (line, column) = line_and_column(text, node.offset);
        (node.value.clone(), line, column)
    }

    #[test]
    fn texts_know_their_places() {
        let root = parse("é: [a, 'b']\nkey:\n  - c: 1.10\n    d: &x elixir\n  - *x\nlast: *y\n").unwrap_err();
        assert!(matches!(root, FormatError::Invalid { line: 6, .. }), "{root}");
        let text = "é: [a, 'b']\nkey: &m\n  - c: 1.10\n    d: &x elixir\n  - *x\nlast: *m\n";
        let root = parse(text).unwrap();
        assert_eq!(place(text, &root.get("é").unwrap().items()[1]), ("b".to_owned(), 1, 8));
        let items = root.get("key").unwrap().items();
        assert_eq!(place(text, items[0].get("c").unwrap()), ("1.10".to_owned(), 3, 8));
        assert_eq!(place(text, &items[1]), ("elixir".to_owned(), 5, 5));
        assert_eq!(root.get("last"), Some(&Node::Alias));
        assert_eq!(parse("").unwrap(), Node::Map(Vec::new()));
    }

    #[test]
    fn hostile_files_are_refused() {
        assert_eq!(parse(&"[".repeat(100)), Err(FormatError::TooMuch));
        assert!(parse(&"[".repeat(100_000)).is_err() && parse(&"- ".repeat(100_000)).is_err());
        assert!(parse("a: [1\n").is_err());
        let bomb: String = (0..64).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
        assert!(parse(&bomb.replace("*a-1", "x")).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(a: |- |[\[\]{}:,&*!|>#'"é \n]|[0-9.]{1,4}|\?)*"#) {
            let _ = parse(&text);
        }
    }
}
