//! Questions as a recording keeps them: a secret in one is not written down, but a mark tells two of them apart.

use super::{Question, Request, Subject};
use crate::secrets::{sealed, sealed_words};

impl Question {
    /// The question without the secrets in it. The same question always becomes the same one.
    pub(super) fn sealed(&self) -> Question {
        match self {
            Question::Matches { of: Subject::Variable(name), matcher } => {
                let of = Subject::Variable(name.clone());
                Question::Matches { of, matcher: matcher.with_texts(name, &sealed) }
            }
            Question::Matches { of, matcher } => {
                Question::Matches { of: of.clone(), matcher: matcher.with_texts("", &sealed) }
            }
            Question::Execute { argv, folder, timeout, stdout, stderr } => Question::Execute {
                argv: sealed_words(argv),
                folder: folder.clone(),
                timeout: *timeout,
                stdout: stdout.as_ref().map(|matcher| matcher.with_texts("", &sealed)),
                stderr: stderr.as_ref().map(|matcher| matcher.with_texts("", &sealed)),
            },
            Question::Request(request) => Question::Request(Box::new(Request {
                url: sealed("", &request.url),
                wanted: request.wanted.as_ref().map(|matcher| matcher.with_texts("", &sealed)),
                wanted_headers: request
                    .wanted_headers
                    .iter()
                    .map(|(name, matcher)| (name.clone(), matcher.with_texts(name, &sealed)))
                    .collect(),
                ..(**request).clone()
            })),
            other => other.clone(),
        }
    }
}
