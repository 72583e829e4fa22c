//! A mistake in a file of rules or settings, told to the person who wrote it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use thiserror::Error;

/// A file's name and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name to show.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// One mistake, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes of it that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// Line and column, both from 1; the column counts characters.
    pub fn position(&self) -> (usize, usize) {
        let before = self.source.text.get(..self.span.start).unwrap_or(&self.source.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl Problem {
    /// The problem with its excerpt, as something that does not keep the rule from being used.
    pub fn as_warning(&self) -> String {
        self.render(Level::WARNING)
    }

    /// The same, as something that could be better.
    pub fn as_note(&self) -> String {
        self.render(Level::NOTE)
    }

    fn render(&self, level: Level<'_>) -> String {
        let (line, column) = self.position();
        // Names in it are the file's, and may have lines of their own.
        let on_one_line = |text: &str| text.replace('\n', "\\n");
        let title = format!("{}:{line}:{column}: {}", self.source.name, on_one_line(&self.message));
        let snippet = Snippet::source(&self.source.text)
            .path(&self.source.name)
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let mut group = level.primary_title(&title).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(on_one_line(help)));
        }
        Renderer::plain().render(&[group])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Level::ERROR))
    }
}

/// Every mistake in the files that were read.
#[derive(Debug, Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
pub struct Problems(pub Vec<Problem>);
