// Paper to draw on: the one user of cairo and pango. Lengths are points (1/72 inch), y down; colours 0xRRGGBB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catchment::publish {

struct Spot {
  double x = 0, y = 0;
};
struct Area {
  double x = 0, y = 0, w = 0, h = 0;
  double right() const { return x + w; }
  double bottom() const { return y + h; }
  bool meets(const Area& b) const { return x < b.right() && b.x < right() && y < b.bottom() && b.y < bottom(); }
  bool holds(const Area& b) const { return b.x >= x && b.y >= y && b.right() <= right() && b.bottom() <= bottom(); }
};

enum class Face { sans, serif };
enum class Align { left, centre, right };
struct TextStyle {
  double size = 9;
  bool bold = false;
  Face face = Face::sans;
  std::uint32_t colour = 0x222222;
  Align align = Align::left;
  double halo = 0;    // width of a white outline beneath
  double width = 0;   // 0: one line; else wrapped
  double height = 0;  // of wrapped text: what does not fit ends in "…"; 0: any
};
struct Stroke {
  double width = 1;
  std::uint32_t colour = 0x222222;
  std::vector<double> dash{};
};

class Canvas {
 public:
  struct Impl;
  explicit Canvas(Impl& impl) : impl_(impl) {}
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void fill(const std::vector<std::vector<Spot>>& rings, std::uint32_t colour, double opacity = 1);  // even-odd
  void stroke(const std::vector<Spot>& path, bool closed, const Stroke& stroke);
  void fill(const Area& area, std::uint32_t colour, double opacity = 1);
  void stroke(const Area& area, const Stroke& stroke);
  void circle(Spot at, double radius, std::uint32_t fill, const Stroke& edge);
  // Top-left, top-middle or top-right of the text, as it is aligned. Returns the area it took.
  Area text(Spot at, const std::string& text, const TextStyle& style);
  // Around its middle, turned clockwise by radians.
  void turned_text(Spot middle, double angle, const std::string& text, const TextStyle& style);
  Area measure(const std::string& text, const TextStyle& style);  // as if at 0, 0
  void clip(const Area& area, const std::function<void()>& draw);

 private:
  Impl& impl_;
};

// A PDF of sheets. Nothing in it tells when or where it was made but `date`.
class PdfFile {
 public:
  PdfFile(const std::filesystem::path& file, const std::string& title, const std::string& date);
  ~PdfFile();
  PdfFile(const PdfFile&) = delete;
  PdfFile& operator=(const PdfFile&) = delete;
  void add_page(double width, double height, const std::function<void(Canvas&)>& draw);
  void finish();  // throws std::system_error if it could not be written

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same drawing as pixels; `scale` of them a point.
void write_png(const std::filesystem::path& file, double width, double height, double scale,
               const std::function<void(Canvas&)>& draw);

}  // namespace catchment::publish
