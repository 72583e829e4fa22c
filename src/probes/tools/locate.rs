//! Where a tool stands, and the program behind a version manager's shim.

use std::path::PathBuf;

use super::super::Context;
use super::shim;
use crate::facts::Reading;

#[derive(Clone, Debug)]
pub(in crate::probes) struct Executable {
    /// Where it stands on PATH.
    pub(in crate::probes) path: Reading<PathBuf>,
    /// The program that runs then: not the shim, but a link to a program stays one.
    pub(in crate::probes) program: Reading<PathBuf>,
    /// The program with every link followed.
    pub(in crate::probes) real: Reading<PathBuf>,
    /// Where the program's place was learnt.
    pub(in crate::probes) source: String,
}

pub(in crate::probes) fn locate(context: &Context, tool: &str) -> Executable {
    let path = context.machine().which(tool);
    let (program, source) = match &path {
        Reading::Present(path) if shim::is_one(path) => shim::follow(context, tool, path),
        path => (path.clone(), "PATH".to_owned()),
    };
    let real = program.clone().and_then(|program| context.machine().resolve(&program));
    Executable { path, program, real, source }
}
