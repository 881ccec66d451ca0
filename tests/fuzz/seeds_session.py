import json, struct, sys

def tensor(kind, shape, *numbers):
    code = {"F32": "f", "F64": "d", "I32": "i", "I64": "q", "U64": "Q", "U8": "B"}[kind]
    return kind, shape, struct.pack(f"<{len(numbers)}{code}", *numbers)
def text(words):
    return "U8", [len(words)], words.encode()
def texts(*words):
    return {"": text("".join(words)), ".shape": tensor("I64", [len(words)], *map(len, words))}
def arrays(kind, shapes, *numbers):
    return {"": tensor(kind, [len(numbers)], *numbers), ".shape": tensor("I64", [2 * len(shapes)], *[size for shape in shapes for size in shape])}
def number(kind, value):
    return tensor(kind, [], value)
def none(kind, dimensions=2):
    return tensor(kind, [0] * dimensions)

def write(name, first, fields):
    flat = {}
    def add(prefix, value):
        if isinstance(value, dict):
            for key, each in value.items():
                add(prefix + key, each)
        else:
            flat[prefix] = value
    add("", fields)
    header, data = {}, b""
    for key, (kind, shape, content) in sorted(flat.items()):
        header[key] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    head = json.dumps(header, separators=(",", ":")).encode()
    open(f"{sys.argv[1]}/{name}", "wb").write(bytes([first]) + struct.pack("<Q", len(head)) + head + data)

write("probe", 0, {"bytes": tensor("U8", [2], 97, 98), "labels": texts(), "domain": tensor("I32", [2], 0, 0), "domain_names": texts("A"),
                   "context": number("I32", 2), "synthetic": number("U8", 1), "synthetic_mark": text("SYNTHETIC")})
compared = {"what": text("frames"), "experts": none("I32", 1), "classical.points": none("F64"), "classical.stress": number("F64", 0), "smacof.points": none("F64"),
            "smacof.stress": number("F64", 0), "diffusion.points": none("F64"), "diffusion.stress": number("F64", 0), "diffusion.eigenvalues": none("F64", 1),
            "diffusion.bandwidth": number("F64", 0), "failure": text("")}
rule = {"choice": number("I32", 1), "chosen": number("I32", 1), "ranked_by_affinity": number("U8", 0), "ranked_by_logit": number("U8", 0), "affinity_gates": number("U8", 0),
        "renormalised": number("U8", 1), "choice_bias": none("F32", 1), "groups": number("I32", 1), "kept_groups": number("I32", 1),
        "group_by_top_two": number("U8", 0), "scaling": number("F32", 1), "capacity_factor": number("F64", 0)}
layer = {"hidden": tensor("F32", [2, 2], 1, 0, 0, 1), "scores": tensor("F32", [2, 2], 1, 2, 3, 4), "trained_gates": none("F32"), "concentration_note": text(""),
         "posterior_scores": none("F32"), "log_prior": tensor("F64", [2], -0.7, -0.7), "spectra": tensor("F64", [2, 1], 1, 1),
         "frames": arrays("F32", [(2, 1), (2, 1)], 1, 0, 0, 1), "router_directions": tensor("F32", [2, 2], 1, 0, 0, 1), "training_load": tensor("F64", [2], 0.5, 0.5),
         "training_dropped": none("F64", 1)} | {"rule." + key: value for key, value in rule.items()}
tracks = {"experts.trail": arrays("F64", [(2, 2)], 1, 0, -1, 0), "experts.stress": number("F64", 0), "experts.failure": text(""), "tokens.axes": none("F64"),
          "tokens.mean": none("F64", 1), "tokens.coordinates": tensor("F32", [0, 3]), "tokens.explained": number("F64", 1), "tokens.failure": text("none"),
          "compared.count": number("I64", 1)} | {"compared." + key: value for key, value in compared.items()}
write("moment", 1, {"step": number("I64", 5), "generation": number("U64", 1), "router": text("topk"), "layers.count": number("I64", 1), "checkpoint.count": number("I64", 0),
                    "training_loss": number("F64", 2), "held_out_loss": number("F64", 2), "steps_per_second": number("F64", 9), "tokens_per_second": number("F64", 9),
                    "tracks.count": number("I64", 1), "tracks.layers.count": number("I64", 1)}
      | {"layers.0." + key: value for key, value in layer.items()} | {"tracks.layers.0." + key: value for key, value in tracks.items()})
square = tensor("F64", [2, 2], 1, 0.5, 0.5, 1)
spectrum = {"decay": tensor("F64", [2], 1, 0.5), "leading": number("F64", 2), "effective_rank": number("F64", 1.5), "leading_share": number("F64", 0.8), "jacobians": number("I32", 1)}
spectra = {"spectra.count": number("I64", 1), "spectra.tokens": number("I32", 1), "spectra.experts.count": number("I64", 2), "without_spectra": text("")}
for whose in ("experts.0", "experts.1", "all", "layer"):
    spectra |= {f"spectra.{whose}.{key}": value for key, value in spectrum.items()}
write("analysis", 2, spectra | {"layer": number("I32", 0), "step": number("I64", 5), "generation": number("U64", 1), "settings.rank": number("I32", 1),
                      "settings.explained_variance": number("F64", 0), "settings.jacobian_tokens": number("I32", 1), "settings.jacobian_probes": number("I32", 0),
                      "experts": number("I32", 2), "width": number("I32", 2), "tokens": number("I32", 2), "weight_subspaces": number("U8", 0), "missing": text(""),
                      "shared.mean": square, "shared.of_averages": square, "shared.null_deviation": number("F64", 0.5), "shared.zero_at": tensor("I32", [2], 0, 0),
                      "shared.tokens": number("I32", 1), "routed_alignment": none("F64"), "shared_expert_alignment": none("F64", 1), "shared_expert_zero_at": number("I32", 0),
                      "routed": tensor("I32", [2], 1, 1), "subspaces": arrays("F64", [(2, 1), (2, 1)], 1, 0, 0, 1), "explained": arrays("F64", [(1, 1), (1, 1)], 1, 1),
                      "effective_rank": tensor("F64", [2], 1, 1), "angles.subspaces": number("I32", 2), "angles.angles": arrays("F64", [(1, 1)], 1.5),
                      "with_subspace": tensor("I32", [2], 0, 1), "left_out": none("I32", 1), "overlap": square, "null_overlap": number("F64", 0.5),
                      "null_overlap_deviation": number("F64", 0.1), "misrouting.count": number("I64", 1), "misrouting.0.alpha": number("F64", 1),
                      "misrouting.0.bound": number("F64", 0.5), "misrouting.0.mass": number("F64", 0.1), "misrouting.0.mass_deviation": number("F64", 0),
                      "misrouting.0.wrong": number("F64", 0), "misrouting.0.draws": number("I32", 9), "router_similarity": square,
                      "routers_without_direction": none("I32", 1), "coupling.weights": square, "coupling.gradients": none("F64"), "coupling.movements": none("F64"),
                      "coupling.null_mean": number("F64", 0.5), "coupling.finite": number("U8", 1), "score_activation.count": number("I64", 0), "notes": texts("a", "b"),
                      "compared.count": number("I64", 0)})
