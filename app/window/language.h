#pragma once
// In which language the window and the views speak: the English of the sources, or that of a Qt Linguist file (*.ts). Those of
// resources/languages are in the program, more may lie in the user's own folder; see docs/languages.md.

#include <QString>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/words/words.h"

namespace moescope {

using Catalogue = std::unordered_map<std::string, std::string>;  ///< English source to translation

struct Language {
  std::string code;  ///< "en", "de"
  QString name;      ///< as its speakers call it
  QString file;      ///< empty: English
};

/// A translations file of Qt Linguist; what is marked unfinished counts as not there. Throws std::runtime_error with file, line
/// and what is wrong.
Catalogue readCatalogue(const QString& file);
/// English, those of the program by their names, then those of the user's folder, whose files win over the program's.
std::vector<Language> languages();
/// Where a user's own *.ts lie.
QString folderOfLanguages();
/// From now on window and views speak this: a code, or empty for the system's where there is it, else English. Throws
/// std::invalid_argument naming the codes that there are, and as readCatalogue().
void speak(const std::string& code);
/// The code of what is spoken.
std::string spokenLanguage();
/// The language that the settings name; empty: the system's.
std::string languageOfTheUser();
constexpr const char* kLanguageKey = "language";  ///< in the settings

/// Words of a table (a knob's label, a view's title) in the language that is spoken.
inline QString localised(const std::string& source) { return QString::fromStdString(translated(source)); }
/// QObject::tr() where there is no QObject.
inline QString tr(const char* source) { return localised(source); }

}  // namespace moescope
