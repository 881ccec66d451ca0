// Films as files: every frame in them, for as long as was asked, in the right colours; nothing overwritten, nothing lost.

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "app/film/film_writer.h"
#include "app/film/palette.h"
#include "app/film/video_colours.h"
#include "core/data/content_hash.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

namespace fs = std::filesystem;

const std::vector<Rgb> kPatches = {{255, 0, 0},  {0, 255, 0},   {0, 0, 255},    {255, 255, 255},
                                   {24, 24, 27}, {230, 159, 0}, {86, 180, 233}, {128, 128, 128}};

/// Squares of 32 x 32 in a row.
Image patches() {
  const int width = 32 * static_cast<int>(kPatches.size());
  Image image{width, 32, {}};
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < width; ++x)
      for (const std::uint8_t channel : kPatches[static_cast<std::size_t>(x / 32)]) image.pixels.push_back(channel);
  return image;
}

/// A bright column that moves by a pixel a frame.
FramePointer moving(int frame, const FilmShape& shape) {
  auto image = std::make_shared<Image>(
      Image{shape.width, shape.height,
            std::vector<std::uint8_t>(std::size_t(3) * std::size_t(shape.width) * std::size_t(shape.height), 30)});
  for (int y = 0; y < shape.height; ++y) image->pixels[std::size_t(3) * std::size_t(y * shape.width + frame % shape.width)] = 250;
  return image;
}

FilmReport film(const std::string& path, const FilmShape& shape, int frames, bool replace = false) {
  FilmWriter writer(path, shape, replace);
  for (int i = 0; i < frames; ++i) writer.add(moving(i, shape));
  return writer.finish();
}

QByteArray outputOf(const QString& program, const QStringList& words) {
  QProcess process;
  process.start(program, words);
  return process.waitForFinished(60000) && process.exitCode() == 0 ? process.readAllStandardOutput()
                                                                   : QByteArray("failed: " + process.readAllStandardError());
}

QByteArray probe(const std::string& path, const QString& entries) {
  return outputOf("ffprobe", {"-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", entries, "-of", "csv=p=0",
                              QString::fromStdString(path)})
      .trimmed();
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace

class TestFilmWriter : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::string in(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }

 private Q_SLOTS:
  void every_frame_that_was_asked_for_is_in_the_film() {
    const FilmShape shape{66, 64, 30};
    for (const char* ending : {".mp4", ".webm", ".gif"})
      for (const int frames : {1, 2, 5, 61, 314}) {
        const std::string path = in(std::to_string(frames) + ending);
        const FilmReport report = film(path, shape, frames);
        QCOMPARE(report.frames, std::int64_t(frames));
        QCOMPARE(report.bytes, std::uint64_t(fs::file_size(path)));
        QCOMPARE(probe(path, "stream=nb_read_frames,width,height"), QByteArray("66,64," + QByteArray::number(frames)));
        const double seconds = probe(path, "format=duration").toDouble();
        QVERIFY2(std::abs(seconds - frames / 30.0) < 0.011, (path + " lasts " + std::to_string(seconds)).c_str());
        QVERIFY(!fs::exists(partOfFilm(path)));
      }
  }

  void a_folder_gets_the_pictures_themselves() {
    const FilmShape shape{65, 63, 60};
    const FilmReport report = film(in("series"), shape, 3);
    QCOMPARE(report.frames, std::int64_t(3));
    const QImage picture(QString::fromStdString(in("series/frame-00002.png")));
    QCOMPARE(picture.size(), QSize(65, 63));
    QCOMPARE(picture.pixel(2, 5), qRgb(250, 30, 30));
    QCOMPARE(picture.pixel(3, 5), qRgb(30, 30, 30));
    QVERIFY(complaint([&] { film(in("series"), shape, 1); }).find("frame-0000") != std::string::npos);
    film(in("series"), shape, 1, true);
    QVERIFY(!fs::exists(in("series/frame-00001.png")));  // no frame of the one before is taken for one of this
  }

  void luma_and_colour_differences_are_those_of_bt_709() {
    std::mt19937 random(5);
    Image image{2, 2, std::vector<std::uint8_t>(12)};
    for (int trial = 0; trial < 2000; ++trial) {
      const std::array<std::uint8_t, 3> colour = {std::uint8_t(random()), std::uint8_t(random()), std::uint8_t(random())};
      for (std::size_t i = 0; i < 12; ++i) image.pixels[i] = colour[i % 3];
      std::array<std::uint8_t, 4> luma{};
      std::uint8_t blue = 0, red = 0;
      toBt709(image, {{luma.data(), &blue, &red}, {2, 1, 1}});
      const double r = colour[0] / 255.0, g = colour[1] / 255.0, b = colour[2] / 255.0, y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      for (const std::uint8_t each : luma) QVERIFY(std::abs(each - (16.0 + 219.0 * y)) < 0.502);
      QVERIFY(std::abs(blue - (128.0 + 224.0 * (b - y) / 1.8556)) < 0.502);
      QVERIFY(std::abs(red - (128.0 + 224.0 * (r - y) / 1.5748)) < 0.502);
    }
  }

  void the_film_is_upright_and_its_colours_are_those_of_the_pictures() {
    Image image = patches();
    for (int x = 0; x < 32; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        image.pixels[3 * (std::size_t(31) * std::size_t(image.width) + std::size_t(x)) + c] =
            0;  // the uppermost row of the first patch is black
    const FilmShape shape{image.width, image.height, 30};
    for (const std::string name : {"patches.mp4", "patches.webm", "patches.gif"}) {
      FilmWriter writer(in(name), shape, false);
      for (int i = 0; i < 5; ++i) writer.add(std::make_shared<const Image>(image));
      writer.finish();
      const bool gif = name.ends_with(".gif");
      if (!gif)
        QCOMPARE(probe(in(name), "stream=pix_fmt,color_range,color_space,color_transfer,color_primaries"),
                 QByteArray("yuv420p,tv,bt709,bt709,bt709"));
      const QByteArray raw = outputOf("ffmpeg", {"-v", "error", "-i", QString::fromStdString(in(name)), "-frames:v", "1", "-f",
                                                 "rawvideo", "-pix_fmt", gif ? "rgb24" : "yuv420p", "-"});
      const int width = image.width, height = image.height;
      QCOMPARE(raw.size(), qsizetype(gif ? 3 * width * height : width * height * 3 / 2));
      const auto at = [&](int index) { return static_cast<double>(static_cast<std::uint8_t>(raw[index])); };
      for (std::size_t i = 0; i < kPatches.size(); ++i) {  // the inverse of the standard's formula, at the middle of each patch
        const int x = 32 * static_cast<int>(i) + 16, y = 16;
        std::array<double, 3> got{};
        if (gif) {
          for (int c = 0; c < 3; ++c) got[std::size_t(c)] = at(3 * (y * width + x) + c);
        } else {
          const double luma = (at(y * width + x) - 16.0) / 219.0,
                       cb = (at(width * height + y / 2 * (width / 2) + x / 2) - 128.0) / 224.0,
                       cr = (at(width * height * 5 / 4 + y / 2 * (width / 2) + x / 2) - 128.0) / 224.0;
          got[0] = 255.0 * (luma + 1.5748 * cr);
          got[2] = 255.0 * (luma + 1.8556 * cb);
          got[1] = (255.0 * luma - 0.2126 * got[0] - 0.0722 * got[2]) / 0.7152;
        }
        for (std::size_t c = 0; c < 3; ++c)
          QVERIFY2(std::abs(got[c] - kPatches[i][c]) <= 3.0,
                   (name + ", patch " + std::to_string(i) + ": " + std::to_string(got[c])).c_str());
      }
      QVERIFY(at(gif ? 3 * 16 : 16) < 70.0);  // the black row is on top
    }
  }

  void all_frames_share_one_palette_in_which_few_colours_are_exact() {
    ColourCount count;
    Image image = patches();
    count.add(image);
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(pixel ^ 0x55);
    count.add(image);  // colours that only a later frame has
    const FilmPalette palette(count, 255);
    QCOMPARE(palette.colours().size(), 2 * kPatches.size());
    for (const Rgb& patch : kPatches) {
      QVERIFY(palette.colours()[palette.nearest(patch[0], patch[1], patch[2])] == patch);
      const Rgb later = {std::uint8_t(patch[0] ^ 0x55), std::uint8_t(patch[1] ^ 0x55), std::uint8_t(patch[2] ^ 0x55)};
      QVERIFY(palette.colours()[palette.nearest(later[0], later[1], later[2])] == later);
    }
    QCOMPARE(FilmPalette(count, 4).colours().size(), std::size_t(4));
  }

  void what_cannot_be_a_film_is_refused_before_anything_is_written() {
    const FilmShape shape{64, 64, 30};
    QVERIFY(complaint([&] { requireFilm(in("x.avi"), shape, false); }).find("ends in .avi; expected .mp4") != std::string::npos);
    QVERIFY(complaint([&] { requireFilm(in(".mp4"), shape, false); }).find(".mp4' is only an ending") != std::string::npos);
    QVERIFY(filmKindOf(in("X.MP4")) == FilmKind::Mp4 && filmKindOf("a.b/x.Gif") == FilmKind::Gif &&
            filmKindOf("a.mp4/series") == FilmKind::Pictures && filmKindOf(".frames") == FilmKind::Pictures);
    QVERIFY(complaint([&] { requireFilm(in("x.mp4"), {65, 64, 30}, false); }).find("65x64 is odd") != std::string::npos);
    QVERIFY(complaint([&] {
              requireFilm(in("x.mp4"), {64, 64, 30, "vp9"}, false);
            }).find("vp9 is no codec of a film with this ending") != std::string::npos);
    QVERIFY(complaint([&] { requireFilm(in("x.gif"), {64, 64, 60}, false); }).find("at most 50") != std::string::npos);
    QVERIFY(complaint([&] { requireFilm(in("none/x.mp4"), shape, false); }).find("none/x.part.mp4: cannot be written") !=
            std::string::npos);
    QVERIFY(complaint([&] { requireFilm("/proc/x.mp4", shape, false); }).find("/proc/x.part.mp4: cannot be written") !=
            std::string::npos);
    for (const char* name : {"x.avi", "x.mp4", "x.gif", "x.part.mp4"}) QVERIFY(!fs::exists(in(name)));
  }

  void nothing_is_overwritten_unasked_and_the_old_film_stays_until_the_new_one_is_whole() {
    const FilmShape shape{64, 64, 30};
    film(in("old.mp4"), shape, 2);
    QVERIFY(complaint([&] { film(in("old.mp4"), shape, 3); }).find("is there already") != std::string::npos);
    {
      FilmWriter writer(in("old.mp4"), shape, true);
      writer.add(moving(0, shape));
    }  // ends without finish()
    QCOMPARE(probe(in("old.mp4"), "stream=nb_read_frames"), QByteArray("2"));
    film(in("old.mp4"), shape, 4, true);
    QCOMPARE(probe(in("old.mp4"), "stream=nb_read_frames"), QByteArray("4"));
  }

  void what_was_written_before_the_end_plays_and_is_not_overwritten() {
    const FilmShape shape{64, 64, 10};
    for (const char* name : {"cut.mp4", "cut.webm"}) {
      auto* writer = new FilmWriter(in(name), shape, false);
      for (int i = 0; i < 95; ++i) writer->add(moving(i, shape));
      while (writer->full()) QTest::qWait(1);
      const std::string copy = in(std::string("copy-") + name);  // the file as a kill at this moment would leave it
      QTRY_VERIFY(fs::file_size(partOfFilm(in(name))) > 1500);
      fs::copy_file(partOfFilm(in(name)), copy);
      QVERIFY2(probe(copy, "stream=nb_read_frames").toInt() >= 20, probe(copy, "stream=nb_read_frames").constData());
      delete writer;
      QVERIFY(complaint([&] { film(in(name), shape, 1); }).find("of a film that was cut off") != std::string::npos);
    }
  }

  void a_disk_that_is_full_is_an_error_and_no_film() {
    const FilmShape shape{64, 64, 30};
    if (!fs::exists("/dev/full")) QSKIP("no /dev/full");
    const std::string part = in("full.part.mp4");
    fs::create_symlink("/dev/full", part);
    const std::string said = complaint([&] { film(in("full.mp4"), shape, 40, true); });
    QVERIFY2(said.find("No space left") != std::string::npos && said.find('\n') == std::string::npos, said.c_str());
    QVERIFY(!fs::exists(in("full.mp4")));
  }

  void hashes_are_of_the_pictures_before_they_were_encoded() {
    const FilmShape shape{64, 64, 30};
    const FilmReport report = film(in("hashed.mp4"), shape, 3);
    QCOMPARE(report.hashes.size(), std::size_t(3));
    for (int i = 0; i < 3; ++i) {
      ContentHash hash;
      const FramePointer frame = moving(i, shape);
      hash.add({reinterpret_cast<const char*>(frame->pixels.data()), frame->pixels.size()});
      QCOMPARE(report.hashes[std::size_t(i)], hash.text());
    }
  }
};

MOESCOPE_TEST(TestFilmWriter)
#include "test_film_writer.moc"
