//! A real browser without a screen.

use std::path::Path;
use std::process::Stdio;

use crate::tools::tool;
use crate::world::World;

const OPTIONS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// The page as the browser has it when nothing happens any more, with what it told on its console; `None`: there is no
/// browser.
pub(crate) fn opened(world: &World, page: &Path) -> Option<(String, String)> {
    let chromium = tool("chromium")?;
    let data = format!("--user-data-dir={}", world.path("browser").display());
    let output = world
        .other(chromium)
        .args(OPTIONS)
        .args([&data, "--enable-logging=stderr", "--v=0", "--virtual-time-budget=3000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !dom.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some((dom, String::from_utf8_lossy(&output.stderr).into_owned()))
}
