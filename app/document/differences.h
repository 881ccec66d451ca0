#pragma once
// What makes side B another one than side A, in words made from the tables of settings.

#include <string>

#include "app/document/document.h"

namespace moescope {

/// What a side is called: its router, or its checkpoint's folder.
std::string sideName(const Side& side);

/// One line: "A: top-k, B: GrMoE; all else equal".
std::string differenceLine(const Document& document);

/// A line for each setting that differs: "Learning rate: A 0.003, B 0.01"; and what is not compared.
std::string differenceList(const Document& document);

}  // namespace moescope
