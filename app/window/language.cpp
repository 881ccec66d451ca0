#include "app/window/language.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QXmlStreamReader>
#include <algorithm>
#include <stdexcept>

#include "app/window/settings_file.h"

namespace moescope {
namespace {

const std::string kEnglish = "en";

std::string& spoken() {
  static std::string code = kEnglish;
  return code;
}

/// "de" of "moescope_de.ts".
std::string codeOf(const QString& file) { return QFileInfo(file).completeBaseName().section('_', 1).toStdString(); }

void readMessage(QXmlStreamReader& xml, Catalogue& catalogue) {
  QString source, translation;
  bool finished = true;
  while (xml.readNextStartElement()) {
    if (xml.name() == u"source") {
      source = xml.readElementText();
    } else if (xml.name() == u"translation") {
      finished = !xml.attributes().hasAttribute("type");
      translation = xml.readElementText();
    } else {
      xml.skipCurrentElement();
    }
  }
  if (finished && !source.isEmpty() && !translation.isEmpty()) catalogue[source.toStdString()] = translation.toStdString();
}

/// The system's languages, the most wanted first, by the first that there is.
std::string systemLanguage(const std::vector<Language>& all) {
  for (const QString& wanted : QLocale::system().uiLanguages())
    for (const Language& each : all)
      if (wanted.section('-', 0, 0).toStdString() == each.code) return each.code;
  return kEnglish;
}

}  // namespace

Catalogue readCatalogue(const QString& file) {
  QFile bytes(file);
  if (!bytes.open(QIODevice::ReadOnly)) throw std::runtime_error(file.toStdString() + ": " + bytes.errorString().toStdString());
  QXmlStreamReader xml(&bytes);
  Catalogue catalogue;
  if (!xml.readNextStartElement() || xml.name() != u"TS")
    xml.raiseError(tr("expected a translations file of Qt Linguist (<TS>)"));
  while (xml.readNextStartElement()) {
    if (xml.name() != u"context") {
      xml.skipCurrentElement();
      continue;
    }
    while (xml.readNextStartElement()) xml.name() == u"message" ? readMessage(xml, catalogue) : xml.skipCurrentElement();
  }
  if (xml.hasError())
    throw std::runtime_error(
        translated("%1, line %2: %3", file.toStdString(), std::to_string(xml.lineNumber()), xml.errorString().toStdString()));
  return catalogue;
}

QString folderOfLanguages() {
  return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/moescope/languages";
}

std::vector<Language> languages() {
  std::vector<Language> all = {{kEnglish, "English", ""}};
  for (const QString& folder : {QString(":/languages"), folderOfLanguages()}) {
    for (const QFileInfo& file : QDir(folder).entryInfoList({"moescope_*.ts"}, QDir::Files, QDir::Name)) {
      const std::string code = codeOf(file.filePath());
      std::erase_if(all, [&](const Language& each) { return each.code == code && code != kEnglish; });
      const QString name = QLocale(QString::fromStdString(code)).nativeLanguageName();
      all.push_back({code, name.isEmpty() ? QString::fromStdString(code) : name, file.filePath()});
    }
  }
  return all;
}

void speak(const std::string& code) {
  const std::vector<Language> all = languages();
  const std::string wanted = code.empty() ? systemLanguage(all) : code;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Language& each) { return each.code == wanted; });
  if (found == all.end()) {
    std::string known;
    for (const Language& each : all) known += (known.empty() ? "" : ", ") + each.code;
    throw std::invalid_argument(translated("there is no language '%1'; expected one of %2", code, known));
  }
  Translator translator;
  if (!found->file.isEmpty())
    translator = [catalogue = readCatalogue(found->file)](std::string_view source) {
      const auto entry = catalogue.find(std::string(source));
      return entry == catalogue.end() ? std::string() : entry->second;
    };
  spoken() = wanted;
  sayThrough(std::move(translator));
}

std::string spokenLanguage() { return spoken(); }

std::string languageOfTheUser() { return settingsFile().value(kLanguageKey).toString().toStdString(); }

}  // namespace moescope
