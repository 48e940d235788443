#include "server/publish/bundle.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "datasets/city_ground.hpp"
#include "geo/input_error.hpp"
#include "server/outlook/backtest_report.hpp"
#include "server/outlook/demand_city.hpp"
#include "server/publish/atlas.hpp"
#include "server/publish/bundle_parts.hpp"

namespace catchment::publish {
namespace {

namespace fs = std::filesystem;
using answers::ordered_json;

std::string text_of_file(const fs::path& file, const char* code) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError(code, file.string(), "no such file");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void check_site(const fs::path& site) {
  if (site.empty() || fs::exists(site / "index.html")) return;
  throw InputError("site_missing", site.string(),
                   "no index.html there: build it by `npm --prefix viewer run build`, or leave it out with --no-site");
}

void copy_site(const fs::path& site, BundleDir& dir) {
  for (const auto& entry : fs::recursive_directory_iterator(site)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(site).generic_string();
    fs::copy_file(entry.path(), dir.make_place(name));
  }
}

// What a past forecast was worth, where the package has pupils to forecast; null where it has too few years of them.
ordered_json write_backtest(const BundleOptions& options, const BundleCity& city, BundleDir& dir,
                            const Report& report) {
  if (!options.backtest || city.package.enrolment().empty()) return nullptr;
  const outlook::DemandCity demand = outlook::read_demand_city({options.city.package, "", "", 0});
  engine::demand::BacktestOptions how;
  how.threads = options.threads;
  how.progress = [&](double done) { return !report || report("back-test", done); };
  engine::demand::BacktestReport tested;
  try {
    tested = engine::demand::backtest(demand.history, how);
  } catch (const InputError&) {
    return nullptr;  // too few years are over
  }
  if (tested.cancelled) throw Stopped{};
  if (tested.rows.empty()) return nullptr;
  const ordered_json json = outlook::backtest_json(tested);
  dir.write("backtest/backtest.csv", outlook::backtest_csv(tested));
  dir.write("backtest/backtest.json", json.dump(2) + "\n");
  return json;
}

void write_layer_files(const BundleCity& city, const LayerParts& parts, BundleDir& dir) {
  const std::string& name = parts.layer->name;
  dir.write("notice/" + name + ".csv", notice_csv(parts.notice));
  dir.write("notice/" + name + ".md", notice_markdown(parts.notice));
  if (!parts.changes.before.empty()) {
    dir.write("changes/" + name + ".csv", changes_csv(city, parts.changes));
    dir.write("changes/" + name + ".json", answers::dump(changes_json(parts.changes), 2) + "\n");
  }
  for (const auto& [id, tile] : parts.tiles.tiles) {
    dir.write("tiles/" + name + "/" + std::to_string(id.zoom) + "/" + std::to_string(id.x) + "/" +
                  std::to_string(id.y) + ".pbf",
              tile);
  }
  dir.write("tiles/" + name + "/tiles.json", tile_json_text(parts.tiles, "{z}/{x}/{y}.pbf"));
  dir.write("tiles/" + name + ".pmtiles", pmtiles_bytes(parts.tiles));
  write_mbtiles(dir.make_place("tiles/" + name + ".mbtiles"), parts.tiles);
}

std::string default_licence(const BundleCity& city) {
  return "数据许可 Licence of the data\n"
         "发布者未指明数据许可；使用前请向发布者咨询。\n"
         "The publisher has named no licence of the data: ask before you use it.\n" +
         (city.attribution.empty() ? "" : "\n数据来源 Source: " + city.attribution + "\n") +
         "\n本网站程序 The site's program: Catchment, Apache-2.0; Svelte, MIT.\n";
}

// What people may want to take away, with sizes: all but the site's own parts and single tiles.
std::vector<std::pair<std::string, std::uintmax_t>> downloads_of(const fs::path& folder) {
  std::vector<std::pair<std::string, std::uintmax_t>> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    if (!name.ends_with(".pbf")) files.emplace_back(name, entry.file_size());
  }
  std::ranges::sort(files);
  return files;
}

std::size_t count_hidden(const BundleCity& city) {
  std::size_t hidden = 0;
  for (const BundleLayer& layer : city.layers) {
    for (const engine::Zone& zone : layer.zones) hidden += city.hidden.hides(zone.name);
  }
  for (const engine::Place& place : city.package.places()) hidden += city.hidden.hides(place.name);
  for (geo::EntryId id = 0; id < city.names->entry_count(); ++id)
    hidden += city.hidden.hides(city.names->entry(id).text);
  return hidden;
}

// Hashes, signature, sizes.
void seal_bundle(const BundleOptions& options, const BundleCity& city, BundleDir& dir, const Report& report,
                 BundleSummary& summary) {
  tell(report, "hashes", 0);
  const std::map<std::string, std::string> hashes = hash_files(dir.path());
  const std::string manifest = manifest_text(hashes);
  dir.write(kManifestName, manifest);
  if (options.key) {
    const std::string comment = "catchment bundle " + std::to_string(city.school_year) + ", " + options.date + ", " +
                                std::to_string(hashes.size()) + " files";
    dir.write(kSignatureName, sign_text(manifest, *options.key, comment));
  }
  summary.files = hashes.size();
  summary.signed_ = options.key.has_value();
  for (const auto& [name, hash] : hashes) summary.bytes += fs::file_size(dir.path() / name);
}

}  // namespace

std::string readme_text(const BundleCity& city, const BundleOptions& options, const LookUp& look_up) {
  const std::string year = std::to_string(city.school_year);
  std::string text = city.city + " " + year + " 学年招生片区 School catchments of " + year + "\n";
  if (city.synthetic)
    text += "合成数据，其中学校、地址、人员均属虚构。 Synthetic: no school, address or person in it is real.\n";
  text +=
      "\n直接打开 index.html 即可使用，不需要网络或服务器；也可放到任何静态网站。\n"
      "Open index.html: it needs neither network nor server. Any plain file server may host the folder.\n\n"
      "index.html, site/   查询网站 the site: look-up, map, schools, changes\n"
      "data/               片区与学校 zones and schools: GeoPackage, GeoJSON, FlatGeobuf (CGCS2000; GeoJSON as WGS "
      "84)\n"
      "tiles/              矢量瓦片 vector tiles: z/x/y folder with tiles.json, MBTiles, PMTiles\n"
      "notice/             公告文字 the words of the notices\n"
      "changes/            与上一学年相比的变化 what changed since the year before\n"
      "backtest/           预测回测 what past forecasts were worth\n"
      "atlas/              图集 atlas: PDF, and each sheet as PNG\n"
      "LICENCE.txt         许可 licence of the data\n"
      "SHA256SUMS          全部文件的校验值 hashes of all files; SHA256SUMS.minisig 其签名 their signature\n\n"
      "核验 To verify: catchment publish verify DIR --key KEY.pub; or sha256sum -c SHA256SUMS and minisign -Vm "
      "SHA256SUMS -p KEY.pub\n\n";
  text += "地址查询不发送地址：" + std::to_string(look_up.addresses) + " 个地址分在 " +
          std::to_string(std::size_t{1} << look_up.bits) + " 个等长文件中，每个至少 " + std::to_string(look_up.fewest) +
          " 个。\nA look-up sends no address: the addresses lie in files of one length, " + "each with at least " +
          std::to_string(look_up.fewest) + ".\n";
  return text + "\n日期 Date: " + options.date + "\n";
}

BundleSummary publish_bundle(const BundleOptions& options, const Report& report) {
  check_site(options.site);
  const std::string licence = options.licence.empty() ? "" : text_of_file(options.licence, "licence");
  BundleDir dir(options.out);
  const std::unique_ptr<BundleCity> city = read_bundle_city(options.city, report);
  const engine::zone_text::Ground ground = datasets::build_ground(city->package, *city->names);
  BundleSummary summary;
  summary.school_year = city->school_year;
  const AddressAnswers answers = answer_addresses(*city, options.threads, report);
  const LookUp look_up = make_look_up(*city, answers, kLeastInShard, report);
  std::vector<LayerParts> layers;
  for (std::size_t k = 0; k < city->layers.size(); ++k) {
    const BundleLayer& layer = city->layers[k];
    tell(report, "notices", 1);
    layers.push_back({&layer, notice_of(*city, layer, ground), changes_of(*city, layer, answers.moves[k]),
                      make_tiles(*city, layer, options.max_zoom, report)});
    write_layer_files(*city, layers.back(), dir);
    summary.layers.push_back(engine::to_text(layer.key));
    summary.tiles += layers.back().tiles.tiles.size();
  }
  tell(report, "data", 0);
  write_data_files(*city, options, dir);
  const ordered_json backtest = write_backtest(options, *city, dir, report);
  if (options.atlas) summary.sheets = write_atlas(*city, options, layers, dir, report);
  dir.write("LICENCE.txt", options.licence.empty() ? default_licence(*city) : licence);
  dir.write("README.txt", readme_text(*city, options, look_up));
  if (!options.site.empty()) {
    const auto downloads = downloads_of(dir.path());
    copy_site(options.site, dir);
    dir.write("site/city.js", site_data(*city, options, layers, answers, look_up, backtest, downloads));
    for (const auto& [name, text] : look_up.files) dir.write("site/look-up/" + name, text);
  }
  summary.addresses = look_up.addresses;
  summary.shards = look_up.files.size(), summary.fewest_in_shard = look_up.fewest;
  summary.hidden_names = count_hidden(*city);
  summary.backtest = !backtest.is_null();
  seal_bundle(options, *city, dir, report, summary);
  tell(report, "done", 1);
  dir.publish();
  return summary;
}

BundleCheck verify_bundle(const fs::path& folder, const PublicKey& key) {
  if (!fs::exists(folder / kManifestName)) {
    throw InputError("bundle_unreadable", folder.string(), std::string("no ") + kManifestName + " in it: not a bundle");
  }
  BundleCheck check;
  const std::string manifest = text_of_file(folder / kManifestName, "bundle_unreadable");
  if (!fs::exists(folder / kSignatureName)) {
    check.faults.push_back({kSignatureName, "signature: missing"});
  } else {
    const std::string signature = text_of_file(folder / kSignatureName, "bundle_unreadable");
    const SignatureFault fault = check_signature(manifest, signature, key);
    if (fault != SignatureFault::none) {
      check.faults.push_back({kSignatureName, "signature: " + std::string(to_word(fault))});
    }
  }
  const std::map<std::string, std::string> listed = parse_manifest(manifest);
  check.files = listed.size();
  std::map<std::string, std::string> there = hash_files(folder);
  there.erase(kManifestName);
  there.erase(kSignatureName);
  for (const auto& [name, hash] : listed) {
    const auto found = there.find(name);
    if (found == there.end()) check.faults.push_back({name, "missing"});
    if (found != there.end() && found->second != hash) check.faults.push_back({name, "changed"});
  }
  for (const auto& [name, hash] : there) {
    if (!listed.contains(name)) check.faults.push_back({name, "not_listed"});
  }
  return check;
}

}  // namespace catchment::publish
