//! Where in the repository a diagnosis stands, for the forms that lead a person to a file. Facts tell places from the project's
//! folder; whoever reads a form knows files from the repository's root, of which the project may be a part.

use std::path::{Component, Path, PathBuf};

use super::{Entry, Proof, Scene};
use crate::facts::Place;

/// The places in the repository's own files, the best first.
pub(super) fn places(entry: &Entry, scene: &Scene) -> Vec<Place> {
    let facts = entry.evidence.iter().flat_map(|proof| match proof {
        Proof::Fact { places, .. } => places.as_slice(),
        Proof::Line { .. } => &[],
    });
    let own = |place: &Place| Some(Place { file: from_root(&place.file, scene)?, ..place.clone() });
    facts.chain(&entry.named).filter_map(own).collect()
}

/// The lines of outputs that are files of their own.
pub(super) fn lines<'a>(entry: &'a Entry, scene: &'a Scene) -> impl Iterator<Item = Place> + 'a {
    entry.evidence.iter().filter_map(|proof| match proof {
        Proof::Line { source, quote } => {
            let log = scene.logs.get(source)?;
            let (file, excerpt) = (from_root(log, scene).unwrap_or_else(|| log.clone()), quote.text.clone());
            Some(Place { file, line: quote.line, column: 1, excerpt })
        }
        Proof::Fact { .. } => None,
    })
}

/// The place to show it at: the best one, or the beginning of the file that stands for the project.
pub(super) fn place(entry: &Entry, scene: &Scene) -> Place {
    let best = places(entry, scene).into_iter().next();
    let line = || lines(entry, scene).find(|place| is_inside(&place.file));
    best.or_else(line).unwrap_or_else(|| Place {
        file: from_root(&scene.main_file, scene).unwrap_or_else(|| scene.main_file.clone()),
        line: 1,
        column: 1,
        excerpt: String::new(),
    })
}

/// The path from the repository's root of a file that is named from the project's folder, or whole; `None`: it lies outside.
pub(super) fn from_root(file: &str, scene: &Scene) -> Option<String> {
    // What is told from the home folder is no file of a project's.
    if file.starts_with("~/") {
        return None;
    }
    let mut whole = PathBuf::new();
    for part in scene.folder.join(file).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    let path = whole.strip_prefix(&scene.repository).ok()?.to_str()?;
    (!file.is_empty() && !path.is_empty()).then(|| path.to_owned())
}

/// Whether a path leads from the project's folder to something in it.
pub(super) fn is_inside(file: &str) -> bool {
    !file.is_empty() && Path::new(file).components().all(|part| matches!(part, Component::Normal(_)))
}
