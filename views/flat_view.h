#pragma once
// A view that draws on a Canvas: caption, waiting message and picking are here, the picture in the derived class.

#include <vtkSmartPointer.h>

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

#include "views/vector_drawing.h"
#include "views/view.h"

namespace moescope {

class FlatView : public View {
 public:
  FlatView();
  vtkRenderer* renderer() override { return renderer_; }
  void update(const Scene& scene, const Theme& theme) final;
  VectorDrawing drawingOf(const Scene& scene, const Theme& theme) final;
  Pick pick(int x, int y) final;
  Selection within(const std::vector<std::array<double, 2>>& outline) final;
  /// All words that stand in the picture, of a 3-D scene too.
  virtual std::vector<DrawnText> texts() const { return canvas_.texts(); }

 protected:
  /// Called only with a snapshot and its routing. What it throws is said in the picture's place.
  virtual void draw(const Scene& scene) = 0;
  virtual std::string title() const = 0;
  /// What of a capture it draws; else kNotInCaptures stands in the picture's place. As its declaration says.
  virtual OfCaptures showsCaptures() const { return OfCaptures::Nothing; }
  /// 3-D: takes everything out of the scene; called before each picture.
  virtual void clearScene() {}
  /// What lies at a place of the canvas.
  virtual Pick pickAt(Point at);
  /// All that a place can be picked for, by the middle of where it stands.
  struct Standing {
    Point at;
    int expert = -1, token = -1, domain = -1;
  };
  virtual std::vector<Standing> standing() const;

  Canvas& canvas() { return canvas_; }
  const Canvas& canvas() const { return canvas_; }
  const Theme& theme() const { return canvas_.theme(); }
  /// Title (where the theme wants it), what is drawn and its unit on up to three lines (whole for the pointer), and at the foot
  /// where the numbers come from and the synthetic mark. Returns what is left between for the picture.
  Rect caption(const Scene& scene, const std::string& what);
  /// The same with the first words that stand there whole, else the last.
  Rect caption(const Scene& scene, const std::vector<std::string>& fromLongToShort);
  /// Whether the view is so low that words give way to the picture.
  bool isLow() const { return canvas_.height() < kLow * canvas_.em(); }
  /// 3-D: what the camera looks at comes to the middle of this part of the view.
  void centreScene(const Rect& picture);
  /// Whether what is drawn depends on the probe's tokens, so that synthetic ones are marked.
  virtual bool showsTokens(const Scene&) const { return true; }
  /// One sentence in the middle of an area, on as many lines as it takes.
  void say(const Rect& area, const std::string& words);
  struct LegendEntry {
    Color color;
    std::string words;
    bool band = false;       ///< drawn as a band with a line in it rather than as a dot
    std::string brief = {};  ///< where the words of all would take more than one line; empty: the words
  };
  /// Entries from left to right along the area's top, on as many lines as they take; returns what is left below.
  Rect legend(const Rect& area, const std::vector<LegendEntry>& entries);
  /// Keeps later labels off a round mark.
  void keepClear(Point centre, double radius);
  /// A line between the two experts of a selected pair; labels keep off it.
  void join(Point first, Point second);
  /// A frame around a selected expert's column, which stands off one that is too narrow to be seen beside it.
  void frameColumn(const Rect& column);
  /// Words above, beside or below a round mark, where nothing stands yet; left out where there is no room, unless `insist`.
  /// On a patch of background where much lies beneath. False where there was no room even so.
  bool labelAt(Point centre, double radius, const std::string& words, double size, bool insist, bool patch = false);
  /// Whether words may lie here: on no others and on no mark that is kept clear.
  bool hasRoom(const Rect& box) const;
  void hit(const Rect& area, Pick pick);
  void hit(Point centre, double radius, Pick pick);
  /// Calls hit() when somebody points, as if it had been called here: for many marks.
  void hitLater(std::function<void()> hits);
  /// The words on lines no longer than `room`, longer words cut; what more than `most` lines would take is left out, with a mark.
  std::vector<std::string> wrapped(const std::string& words, double room, double size, std::size_t most, bool bold = false) const;
  /// From one line to the next of words of this size: small ones are drawn higher than their size says, and lines must not meet.
  double lineStep(double size, double leading = 1.2) const {
    return std::max(leading * size * canvas_.em(), 1.02 * canvas_.textHeight(size, true));
  }

 private:
  static constexpr double kLow = 18.0;  // em of height

  double captionRoom() const;
  std::size_t captionLines() const;

  struct Target {
    Rect area;
    Pick pick;
  };
  void drawScene(const Scene& scene, const Theme& theme);
  void markProvenance(const Scene& scene, double margin);

  vtkSmartPointer<vtkRenderer> renderer_;
  Canvas canvas_;
  void takeLateHits();

  std::vector<Target> targets_;
  std::function<void()> lateHits_;
  std::size_t lateAt_ = 0;  ///< their place among the targets
  std::vector<Rect> taken_;
};

/// What was derived of the layer that the scene reads. Throws std::invalid_argument for a scene without.
const LayerTracks& trackOf(const Scene& scene);
/// "token 12, byte 'a'", or the token's label where tokens are not bytes.
std::string tokenName(const Probe& probe, int token);
/// What the pointer says about a token: its name, domain and gates.
std::string describeToken(const Scene& scene, int token);
/// Whether no expert is selected, or the token gives a quarter of its gates or more to one that is.
bool givenToSelected(const Scene& scene, int token);
/// T: whether the selection leaves each token in sight: of one of its domains and given to one of its experts, where it has some,
/// and where it has two or more tokens one of them.
std::vector<bool> tokensInSight(const Scene& scene);
/// Whether an axis that names every `stride`-th expert names this one too: a selected one always, its neighbours never.
bool namedOnAxis(const Selection& selection, int expert, int stride);
/// The same of an axis along which only these experts stand, of the one at this place.
bool namedOnAxis(const Selection& selection, const std::vector<int>& experts, std::size_t place, int stride);
/// A printable form of a byte: the character, or its code as 0xNN.
std::string byteName(std::uint8_t byte);
/// printf of one number, in the words that translated() has for the format, whose conversion must end in e, f or g; "not a
/// number" or "infinite" in its place where it is none; what is written as 0 has no sign.
std::string formatted(const char* format, double value);

}  // namespace moescope
