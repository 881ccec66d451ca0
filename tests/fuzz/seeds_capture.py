import base64, io, json, struct, sys, zipfile
def write(name, data):
    open(f"{sys.argv[1]}/{name}", "wb").write(data)
def npy(kind, shape, data, order="False"):
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data
ids = struct.pack("<8i", 0, 1, 2, 3, 3, 2, 1, 0)
write("plain", npy("<i4", (2, 2, 2), ids))
write("fortran", npy("|u1", (4, 2), bytes(range(8)), "True"))
for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("routed_experts.npy", npy("<i4", (2, 2, 2), ids))
        if name == "deflated":
            file.writestr("b.npy", npy("<i4", (2,), ids[:8]))
    write(name, archive.getvalue())
write("sglang", json.dumps([{"meta_info": {"routed_experts": base64.b64encode(ids).decode()}}]).encode())
write("vllm", json.dumps({"choices": [{"routed_experts": [[[0, 1], [2, 3]], [[1, 0], [3, 2]]]}]}).encode())
write("bare", b"[[0, 1], [2, 3]]")
