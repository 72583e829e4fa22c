//! npm, with a package that lies in the project.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
};

use crate::lab::Lab;
use crate::scenario::{End, Scenario, SeenBy, scenarios};

/// npm's own cache and logs: whatever becomes of a project, they stay.
const NPM_CACHE: &str = "home/.npm";

scenarios! {
    // A fresh clone.
    packages_not_installed on [host] Scenario {
        needs: &["npm"],
        break_it: |lab| write_project(lab, "."),
        fails: &["npm", "run", "build"],
        seen_by: SeenBy::Run,
        rule: "node-modules-missing",
        end: End::Repaired { consent: &["--yes=project"], works: &["npm", "run", "build"], not_ours: &[NPM_CACHE] },
    };

    // The same in a Phoenix project, seen before anything is run.
    packages_of_the_assets_not_installed on [host] Scenario {
        needs: &["npm"],
        break_it: |lab| write_project(lab, "assets"),
        fails: &["npm", "run", "build", "--prefix", "assets"],
        seen_by: SeenBy::Check,
        rule: "node-modules-missing",
        end: End::Repaired {
            consent: &["--yes=project"],
            works: &["npm", "run", "build", "--prefix", "assets"],
            not_ours: &[NPM_CACHE],
        },
    };
}

/// A project whose build calls a tool of a package, and has the package's source, but did not install it.
fn write_project(lab: &mut Lab, folder: &str) {
    for (setting, value) in [("offline", "true"), ("audit", "false"), ("update_notifier", "false")] {
        lab.set(&format!("npm_config_{setting}"), value);
    }
    lab.write(
        &format!("{folder}/package.json"),
        r#"{"name": "shop", "version": "1.0.0", "scripts": {"build": "bundle-plants"}, "dependencies": {"bundler": "file:./bundler"}}"#,
    );
    lab.write(
        &format!("{folder}/bundler/package.json"),
        r#"{"name": "bundler", "version": "1.0.0", "bin": {"bundle-plants": "bundle.js"}}"#,
    );
    lab.write(&format!("{folder}/bundler/bundle.js"), "#!/usr/bin/env node\nconsole.log('bundled')\n");
    fs::set_permissions(lab.project().join(folder).join("bundler/bundle.js"), Permissions::from_mode(0o755))
        .unwrap();
    lab.run(&["npm", "install", "--package-lock-only", "--prefix", folder]).exits(0);
}
