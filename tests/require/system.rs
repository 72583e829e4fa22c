use crate::world::World;

#[test]
fn users_groups_and_processes() {
    let world = World::new(
        "users: [me, root, {name: root, uid: 0, home: /root}, {name: root, uid: 7}, no-such-user, {name: no-such-user, absent: true}, {name: root, groups: [no-such-group]}]\n\
         groups: [{name: no-such-group, absent: true}, no-such-group]\nprocesses: [no-such-process, {name: no-such-process, absent: true}, envdoctor]\n",
    );
    let told = world.check();
    let root_groups = told.findings.iter().find(|(_, it)| it.starts_with("The user root is in")).cloned();
    assert!(root_groups.is_some_and(|(rule, _)| rule == "required-user-differs"), "{told:?}");
    let rest: Vec<_> =
        told.findings.iter().filter(|(_, it)| !it.starts_with("The user root is in")).cloned().collect();
    crate::world::Told { findings: rest, ..told }.are(&[
        (
            "required-user-differs",
            "The user root has the number 0, but envdoctor.yaml requires that it has a number that is 7",
        ),
        ("required-user-missing", "There is no user no-such-user, and envdoctor.yaml requires one"),
        ("required-group-missing", "There is no group no-such-group, and envdoctor.yaml requires one"),
        ("required-process-missing", "No process no-such-process runs, and envdoctor.yaml requires one"),
    ]);
}

#[test]
fn packages_mounts_and_the_kernel() {
    if !std::path::Path::new("/var/lib/dpkg/status").exists() {
        return eprintln!("left out: no list of dpkg");
    }
    let world = World::new(
        "packages: [dpkg, {name: dpkg, version: \">= 1.0\"}, no-such-package, {name: dpkg, absent: true}, {name: dpkg, version: \">= 99\"}]\n\
         mounts: [/proc, {path: /proc, filesystem: proc}, {path: /proc, filesystem: ext4}, /no/such/mount, {path: /proc, absent: true}]\n\
         sysctl: [{name: kernel.ostype, equals: Linux}, {name: kernel.ostype, equals: Darwin}, {name: kernel.none, equals: 1}]\n",
    );
    let told = world.check();
    let rules: Vec<&str> = told.findings.iter().map(|(rule, _)| rule.as_str()).collect();
    for (rule, times) in [
        ("required-package-missing", 1),
        ("required-package-differs", 1),
        ("required-mount-missing", 1),
        ("required-mount-differs", 1),
        ("required-sysctl-differs", 2),
        ("unwanted-present", 2),
    ] {
        assert_eq!(rules.iter().filter(|it| **it == rule).count(), times, "{rule}: {told:?}");
    }
    assert_eq!((rules.len(), told.unknown.len()), (8, 0), "{told:?}");
}
