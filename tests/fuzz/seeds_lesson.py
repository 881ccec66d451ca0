import io, sys, zipfile
def write(name, members, method=zipfile.ZIP_DEFLATED):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as file:
        for member, data in members: file.writestr(member, data)
    open(f"{sys.argv[1]}/{name}", "wb").write(archive.getvalue())
words = b"---\ntitle: A\nshows: b\n---\n# One\nwords\n" * 4
write("deflated", [("a.en.md", words)])
write("stored", [("a.en.md", words), ("a.png", bytes(range(64)))], zipfile.ZIP_STORED)
write("three", [("a.en.md", words), ("a.de.md", words), ("run.moescope", bytes(300))])
write("upwards", [("../a.en.md", words)])
write("empty", [("a.en.md", b"")])
