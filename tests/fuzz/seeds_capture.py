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
write("blob", json.dumps({"routed_experts": base64.b64encode(npy("<i4", (2, 2, 2), ids)).decode()}).encode())
write("prompt", json.dumps({"choices": [{"routed_experts": [[[0, 1], [2, 3]]]}, {"routed_experts": [[[5, 1], [2, 3]]]}], "prompt_routed_experts": [[[1, 0], [3, 2]], [[4, 0], [3, 1]]]}).encode())
write("twice", json.dumps({"prompt_routed_experts": [[[1, 0], [3, 2]]], "choices": [{"routed_experts": [[[1, 0], [3, 2]], [[4, 5], [6, 7]]]}]}).encode())
write("struct", json.dumps({"routed_experts": {"data": base64.b85encode(bytes(range(8))).decode(), "shape": [2, 2, 2], "dtype": "uint8", "start": 3}, "expert_ids": [[1]]}).encode())
write("typed", json.dumps([{"routed_experts": base64.b64encode(bytes(range(8))).decode(), "routed_experts_dtype": "uint8"}] * 2).encode())
write("lines", b'{"routed_experts": [[[0, 1], [2, 3]]]}\n{"routed_experts": [[[1, 0], [3, 2]]]}\n')
write("stale", npy("|u1", (40, 2, 2), bytes([0, 1, 2, 3]) * 30 + bytes([4, 5, 4, 5]) * 10))
