//! Programs that write down how they were called, in place of what would take too long or decide too much.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::lab::Lab;

/// Puts a shell script on PATH, before all others.
pub(crate) fn program(lab: &mut Lab, name: &str, script: &str) {
    let folder = lab.path("tools");
    if !folder.exists() {
        fs::create_dir(&folder).unwrap();
        let inside = lab.inside("tools");
        lab.put_on_path(&inside);
    }
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// An envdoctor that finds nothing, and keeps its arguments and its folder.
pub(crate) fn envdoctor(lab: &mut Lab, exit_code: u8) {
    let log = lab.inside("asked");
    program(
        lab,
        "envdoctor",
        &format!(
            "{{ pwd; for word; do printf '[%s]' \"$word\"; done; echo; }} >>'{log}'\n[ \"$1\" = --version ] || exit {exit_code}"
        ),
    );
}

/// What it kept: two lines a call.
pub(crate) fn asked(lab: &Lab) -> Vec<String> {
    let log = fs::read_to_string(lab.path("asked")).unwrap_or_default();
    log.lines().map(str::to_owned).collect()
}
