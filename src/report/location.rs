//! Where in the project a diagnosis stands, for the forms that lead a person to a file.

use std::path::{Component, Path};

use super::{Entry, Proof, Scene};
use crate::facts::Place;

/// The places in the project's own files, the best first.
pub(super) fn places(entry: &Entry) -> Vec<Place> {
    let facts = entry.evidence.iter().flat_map(|proof| match proof {
        Proof::Fact { places, .. } => places.as_slice(),
        Proof::Line { .. } => &[],
    });
    facts.chain(&entry.named).filter(|place| is_inside(&place.file)).cloned().collect()
}

/// The lines of outputs that are files of their own.
pub(super) fn lines<'a>(entry: &'a Entry, scene: &'a Scene) -> impl Iterator<Item = Place> + 'a {
    entry.evidence.iter().filter_map(|proof| match proof {
        Proof::Line { source, quote } => {
            let (file, excerpt) = (scene.logs.get(source)?.clone(), quote.text.clone());
            Some(Place { file, line: quote.line, column: 1, excerpt })
        }
        Proof::Fact { .. } => None,
    })
}

/// The place to show it at: the best one, or the beginning of the file that stands for the project.
pub(super) fn place(entry: &Entry, scene: &Scene) -> Place {
    let best = places(entry).into_iter().next();
    let line = || lines(entry, scene).find(|place| is_inside(&place.file));
    best.or_else(line).unwrap_or_else(|| Place {
        file: scene.main_file.clone(),
        line: 1,
        column: 1,
        excerpt: String::new(),
    })
}

/// Whether a path leads from the project's folder to something in it.
pub(super) fn is_inside(file: &str) -> bool {
    !file.is_empty() && Path::new(file).components().all(|part| matches!(part, Component::Normal(_)))
}
