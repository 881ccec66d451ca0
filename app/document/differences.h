#pragma once
// What makes side B another one than side A, in words made from the tables of settings.

#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/timeline/timeline.h"

namespace moescope {

/// A router as it is trained: "Top-2 softmax", "Grassmannian (GrMoE), k 2", or its name alone where every expert works on every
/// token.
std::string routerName(const Knobs& knobs);

/// What a side is called: its router, or its checkpoint's folder.
std::string sideName(const Side& side);

/// One line: "A: Top-2 softmax; B: Grassmannian (GrMoE), k 2; all else equal". `history`, where not empty, stands in the place of
/// the last words.
std::string differenceLine(const Document& document, const std::string& history = {});

/// What the knobs of now do not tell of two runs: "A's knobs changed at step 100". Empty where both changed at the same steps, or
/// never.
std::string historyNote(const std::vector<KnobChange>& first, const std::vector<KnobChange>& second);

/// A line for each setting that differs: "Learning rate: A 0.003, B 0.01"; and what is not compared.
std::string differenceList(const Document& document);

}  // namespace moescope
