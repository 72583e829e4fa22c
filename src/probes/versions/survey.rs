//! Each tool that is asked for, and what the shell has of it.

use std::collections::BTreeMap;
use std::thread;

use super::super::{Context, tools};
use super::files::{Unread, asked};
use crate::facts::Reading;
use crate::versions::{Ask, Has, Shell, Standing, Tool};

/// What the project's files ask for, tool by tool.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Each tool that is asked for.
    pub standings: Vec<Standing>,
    /// Files that could not be read.
    pub unread: Vec<Unread>,
}

/// Reads what the project's files ask for, and which versions the shell has of that.
pub(in crate::probes) fn survey(context: &Context) -> Reading<Survey> {
    asked(context).map(|asked| {
        let in_nix = context.machine().env("IN_NIX_SHELL").present().is_some();
        let shell = Shell { in_nix, has_nix_files: asked.has_nix_files };
        let mut tools: BTreeMap<Tool, Vec<Ask>> = BTreeMap::new();
        for ask in asked.asks {
            tools.entry(ask.tool).or_default().push(ask);
        }
        // Where a version is not written down the tool itself is asked, which may take its time.
        let standings = thread::scope(|scope| {
            let asking: Vec<_> = tools
                .into_iter()
                .map(|(tool, asks)| (tool, asks, scope.spawn(move || has(context, tool))))
                .collect();
            let standing =
                |(tool, asks, has): (Tool, Vec<Ask>, thread::ScopedJoinHandle<'_, Reading<Has>>)| {
                    let has = has.join().unwrap_or_else(|_| Reading::failed("the probe itself failed"));
                    Standing::of(tool, has, asks, shell)
                };
            asking.into_iter().map(standing).collect()
        });
        Survey { standings, unread: asked.unread }
    })
}

fn has(context: &Context, tool: Tool) -> Reading<Has> {
    let (path, version) = tools::path_and_version(context, tool.program());
    path.and_then(|path| version.map(|version| Has { version: version.to_string(), path: path.to_string() }))
}

impl Survey {
    /// Why there may be more to say than is known. `of_tools`: of what the shell has, too.
    pub(super) fn why_unknown(&self, of_tools: bool) -> Option<String> {
        let unread = self.unread.iter().find(|unread| unread.decides);
        let unknown =
            self.standings.iter().filter(|it| of_tools && it.rows.iter().any(|row| row.is_for_shell));
        let unknown =
            unknown.filter_map(|it| Some(format!("{}: {}", it.tool.program(), it.has.why_unknown()?)));
        unread.map(|unread| format!("{}: {}", unread.file, unread.why)).or_else(|| unknown.into_iter().next())
    }
}
