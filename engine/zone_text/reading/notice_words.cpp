#include "engine/zone_text/reading/notice_words.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace catchment::engine::zone_text {

namespace {

struct WordEntry {
  std::u32string_view text;
  Word word;
};

constexpr WordEntry kStrong[] = {
    {U"区间段", Word::stretch},
    {U"区间", Word::stretch},
    {U"及其", Word::plus},
    {U"以及", Word::plus},
    {U"和其", Word::plus},
    {U"及", Word::plus},
    {U"的", Word::of},
    {U"除外", Word::except_close},
    {U"之外", Word::except_close},
    {U"以外", Word::except_close},
    {U"其余", Word::rest},
    {U"其他", Word::rest},
    {U"其它", Word::rest},
    {U"不含", Word::exclude},
    {U"不包括", Word::exclude},
    {U"不包含", Word::exclude},
    {U"排除", Word::exclude},
    {U"只招收", Word::only},
    {U"只招", Word::only},
    {U"只限", Word::only},
    {U"仅限", Word::only},
    {U"仅招收", Word::only},
    {U"仅招", Word::only},
    {U"限招", Word::only},
    {U"仅含", Word::only},
    {U"包括", Word::contains},
    {U"包含", Word::contains},
    {U"涵盖", Word::contains},
    {U"按原门牌号", Word::alias},
    {U"按原门牌", Word::alias},
    {U"原门牌号", Word::alias},
    {U"又名", Word::alias},
    {U"原名", Word::alias},
    {U"曾用名", Word::alias},
    {U"现名", Word::alias},
    {U"又称", Word::alias},
    {U"其中", Word::among},
    {U"沿线", Word::along},
    {U"两侧", Word::both_sides},
    {U"两边", Word::both_sides},
    {U"两旁", Word::both_sides},
    {U"延伸线", Word::extension},
    {U"延长线", Word::extension},
    {U"延伸段", Word::extension},
    {U"延长段", Word::extension},
    {U"所围成的区域", Word::enclosed},
    {U"所围成区域", Word::enclosed},
    {U"所围成的范围", Word::enclosed},
    {U"所围区域", Word::enclosed},
    {U"所围成的", Word::enclosed},
    {U"所围成", Word::enclosed},
    {U"围成的区域", Word::enclosed},
    {U"围成区域", Word::enclosed},
    {U"围成", Word::enclosed},
    {U"围合成的区域", Word::enclosed},
    {U"围合的区域", Word::enclosed},
    {U"围合区域", Word::enclosed},
    {U"围合", Word::enclosed},
    {U"合围区域", Word::enclosed},
    {U"合围的区域", Word::enclosed},
    {U"合围", Word::enclosed},
    {U"围闭", Word::enclosed},
    {U"交汇处", Word::crossing},
    {U"交会处", Word::crossing},
    {U"交叉口", Word::crossing},
    {U"交叉处", Word::crossing},
    {U"交界处", Word::crossing},
    {U"交口", Word::crossing},
    {U"一线为界", Word::as_border},
    {U"一线", Word::as_border},
    {U"为界", Word::as_border},
    {U"区域", Word::area},
    {U"地段", Word::area},
    {U"地块", Word::area},
    {U"整片区", Word::area},
    {U"辖区内", Word::area},
    {U"辖区", Word::area},
    {U"范围内", Word::within},
    {U"范围", Word::within},
    {U"道路中心线", Word::centre},
    {U"再往", Word::toward},
    {U"再向", Word::toward},
    {U"再沿", Word::along_open},
    {U"中心线", Word::centre},
    {U"道路红线", Word::centre},
    {U"道路中线", Word::centre},
    {U"弄内单号", Word::lane_odd},
    {U"弄内双号", Word::lane_even},
    {U"单双号", Word::both_parities},
    {U"单、双号", Word::both_parities},
    {U"单双门牌号", Word::both_parities},
    {U"单双门牌", Word::both_parities},
    {U"单号和双号", Word::both_parities},
    {U"门牌号为单号", Word::odd},
    {U"门牌号为双号", Word::even},
    {U"门牌单号", Word::odd},
    {U"门牌双号", Word::even},
    {U"单门牌号", Word::odd},
    {U"双门牌号", Word::even},
    {U"单号门牌", Word::odd},
    {U"双号门牌", Word::even},
    {U"单门牌", Word::odd},
    {U"双门牌", Word::even},
    {U"单数幢号", Word::odd},
    {U"双数幢号", Word::even},
    {U"单数楼号", Word::odd},
    {U"双数楼号", Word::even},
    {U"单数号", Word::odd},
    {U"双数号", Word::even},
    {U"单号", Word::odd},
    {U"双号", Word::even},
    {U"单数", Word::odd},
    {U"双数", Word::even},
    {U"奇数号", Word::odd},
    {U"偶数号", Word::even},
    {U"奇数", Word::odd},
    {U"偶数", Word::even},
    {U"及以后", Word::from_on},
    {U"及以上", Word::from_on},
    {U"及之后", Word::from_on},
    {U"之后", Word::from_on},
    {U"以后", Word::from_on},
    {U"起至末号", Word::from_on},
    {U"及以前", Word::until},
    {U"及以下", Word::until},
    {U"及之前", Word::until},
    {U"之前", Word::until},
    {U"以前", Word::until},
    {U"以下", Word::until},
    {U"全部邻别", Word::whole},
    {U"全部门牌", Word::whole},
    {U"所有门牌", Word::whole},
    {U"全部", Word::whole},
    {U"全区", Word::whole},
    {U"全市", Word::whole},
    {U"全县", Word::whole},
    {U"全镇", Word::whole},
    {U"全乡", Word::whole},
    {U"各里", Word::count},
    {U"各村", Word::count},
    {U"各社区", Word::count},
    {U"皆可", Word::allocation},
    {U"均可", Word::allocation},
    {U"即可", Word::allocation},
    {U"自愿", Word::allocation},
    {U"全境", Word::whole},
    {U"整条", Word::whole},
    {U"一部分", Word::part},
    {U"之一部分", Word::part},
    {U"部分", Word::part},
    {U"附近", Word::vague},
    {U"周边", Word::vague},
    {U"周围", Word::vague},
    {U"一带", Word::vague},
    {U"距离", Word::vague},
    {U"较近", Word::vague},
    {U"就近", Word::vague},
    {U"相邻", Word::vague},
    {U"已拆迁", Word::void_now},
    {U"待拆迁", Word::void_now},
    {U"已拆除", Word::void_now},
    {U"已拆", Word::void_now},
    {U"拆迁", Word::void_now},
    {U"为空号", Word::void_now},
    {U"空号", Word::void_now},
    {U"属临迁", Word::void_now},
    {U"临迁", Word::void_now},
    {U"以上", Word::ours_above},
    {U"毕业生", Word::graduates},
    {U"毕业学生", Word::graduates},
    {U"毕业班学生", Word::graduates},
    {U"所属各小学", Word::schools_of},
    {U"所属小学", Word::schools_of},
    {U"所辖小学", Word::schools_of},
    {U"辖区内小学", Word::schools_of},
    {U"辖区小学", Word::schools_of},
    {U"各小学", Word::schools_of},
    {U"境内小学", Word::schools_of},
    {U"本校小学部", Word::own_school},
    {U"本校小学", Word::own_school},
    {U"全市有意就读的小学", Word::every_school},
    {U"全区有意就读的小学", Word::every_school},
    {U"全县有意就读的小学", Word::every_school},
    {U"适龄儿童", Word::children},
    {U"适龄少年", Word::children},
    {U"学龄儿童", Word::children},
    {U"适龄子女", Word::children},
    {U"户籍", Word::household},
    {U"户口", Word::household},
    {U"非市区居民户口", Word::household},
    {U"市区居民户口", Word::household},
    {U"非城镇户口", Word::household},
    {U"城镇居民户口", Word::household},
    {U"城镇户口", Word::household},
    {U"城市户口", Word::household},
    {U"农业户口", Word::household},
    {U"人户一致", Word::household},
    {U"原村民", Word::household},
    {U"旧居民", Word::household},
    {U"村民子女", Word::household},
    {U"村民子弟", Word::household},
    {U"原居民", Word::household},
    {U"集体户", Word::household},
    {U"职工子弟", Word::household},
    {U"职工子女", Word::household},
    {U"员工子女", Word::household},
    {U"随迁子女", Word::household},
    {U"军人子女", Word::household},
    {U"居民子女", Word::household},
    {U"教职工子女", Word::household},
    {U"租购同权", Word::household},
    {U"派出所", Word::household},
    {U"设籍", Word::household},
    {U"共同学区", Word::shared},
    {U"共同学", Word::shared},
    {U"共同", Word::shared},
    {U"共享学区", Word::shared},
    {U"共享片区", Word::shared},
    {U"学区", Word::zone_of},
    {U"联合划片", Word::allocation},
    {U"多校划片", Word::allocation},
    {U"电脑随机派位", Word::allocation},
    {U"电脑派位", Word::allocation},
    {U"随机派位", Word::allocation},
    {U"派位", Word::allocation},
    {U"摇号", Word::allocation},
    {U"抽签", Word::allocation},
    {U"自愿选择", Word::allocation},
    {U"可选择", Word::allocation},
    {U"志愿", Word::allocation},
    {U"自由学区", Word::allocation},
    {U"自由入学", Word::allocation},
    {U"大学区", Word::allocation},
    {U"不受学区限制", Word::allocation},
    {U"无学区限制", Word::allocation},
    {U"招生不分区", Word::allocation},
    {U"不分学区", Word::allocation},
    {U"学位有余量", Word::allocation},
    {U"有余额", Word::allocation},
    {U"有余量", Word::allocation},
    {U"空余学位", Word::allocation},
    {U"剩余学位", Word::allocation},
    {U"额满", Word::allocation},
    {U"先后顺序", Word::allocation},
    {U"招生计划", Word::allocation},
    {U"临时接纳", Word::allocation},
    {U"统筹", Word::allocation},
    {U"直接进入", Word::allocation},
    {U"直接升入", Word::allocation},
    {U"直升", Word::allocation},
    {U"容纳", Word::allocation},
    {U"暂定名", Word::note},
    {U"暂定", Word::note},
    {U"暂名", Word::note},
    {U"筹建", Word::note},
    {U"在建", Word::note},
    {U"再调整", Word::note},
    {U"交付使用", Word::note},
    {U"另行公告", Word::note},
    {U"电话", Word::note},
    {U"学年度", Word::note},
    {U"详见", Word::note},
    {U"注:", Word::note},
    {U"备注", Word::note},
    {U"招生服务范围内", Word::zone_of},
    {U"招生服务范围", Word::zone_of},
    {U"招生范围内", Word::zone_of},
    {U"招生范围", Word::zone_of},
    {U"招生地段", Word::zone_of},
    {U"服务范围", Word::zone_of},
    {U"学区范围", Word::zone_of},
    {U"招生区域", Word::zone_of},
    {U"入学区域", Word::zone_of},
    {U"施教区", Word::zone_of},
    {U"负责招生", Word::note},
    {U"凡居住在", Word::lead},
    {U"招收居住在", Word::lead},
    {U"居住", Word::lead},
    {U"招收该线", Word::lead},
    {U"招收", Word::lead},
    {U"居住在", Word::lead},
    {U"居住于", Word::lead},
    {U"对口直升", Word::feeds},
    {U"对口小学", Word::feeds},
    {U"对口", Word::feeds},
    {U"划分为", Word::is},
    {U"分别为", Word::is},
    {U"均为", Word::is},
    {U"皆为", Word::is},
    {U"列为", Word::is},
    {U"分为", Word::divided},
    {U"来说", Word::sentence},
    {U"来看", Word::sentence},
    {U"仅剩", Word::sentence},
    {U"位于", Word::sentence},
    {U"因为", Word::sentence},
    {U"不断", Word::sentence},
    {U"为了", Word::sentence},
    {U"曾经", Word::sentence},
    {U"历史", Word::sentence},
};

constexpr WordEntry kWeak[] = {
    {U"和", Word::plus},     {U"与", Word::plus},         {U"暨", Word::plus},         {U"至", Word::upto},
    {U"到", Word::upto},     {U"连", Word::join},         {U"接", Word::join},         {U"转", Word::join},
    {U"等", Word::etc},      {U"外", Word::except_close}, {U"内", Word::inside},       {U"境内", Word::inside},
    {U"区内", Word::inside}, {U"以内", Word::inside},     {U"起", Word::from_on},      {U"止", Word::until},
    {U"含", Word::contains}, {U"除", Word::except_open},  {U"即", Word::alias},        {U"向", Word::toward},
    {U"往", Word::toward},   {U"沿", Word::along_open},   {U"由", Word::enclose_open}, {U"中段", Word::section},
    {U"段", Word::stretch},  {U"全", Word::whole},        {U"为", Word::is},           {U"之", Word::of},
};

constexpr WordEntry kOpening[] = {
    {U"为", Word::is},           {U"以", Word::lead},       {U"在", Word::lead},   {U"除了", Word::except_open},
    {U"除", Word::except_open},  {U"含", Word::contains},   {U"限", Word::only},   {U"原", Word::alias},
    {U"即", Word::alias},        {U"沿", Word::along_open}, {U"往", Word::toward}, {U"向", Word::toward},
    {U"由", Word::enclose_open}, {U"单", Word::odd},        {U"双", Word::even},   {U"余", Word::rest},
    {U"全", Word::whole},        {U"和", Word::plus},       {U"与", Word::plus},   {U"至", Word::upto},
    {U"到", Word::upto},         {U"中段", Word::section},  {U"等", Word::etc},    {U"内", Word::inside},
    {U"外", Word::except_close},
};

struct SuffixEntry {
  std::u32string_view text;
  NameClass what;
  bool hard;
};

constexpr bool kHard = true;
constexpr bool kSoft = false;
constexpr SuffixEntry kSuffixes[] = {
    // lines
    {U"高速公路", NameClass::road, kHard},
    {U"公路", NameClass::road, kHard},
    {U"高速", NameClass::road, kHard},
    {U"快速路", NameClass::road, kHard},
    {U"国道", NameClass::road, kHard},
    {U"省道", NameClass::road, kHard},
    {U"县道", NameClass::road, kHard},
    {U"大道", NameClass::road, kHard},
    {U"环道", NameClass::road, kHard},
    {U"大街", NameClass::road, kHard},
    {U"马路", NameClass::road, kHard},
    {U"胡同", NameClass::road, kHard},
    {U"路", NameClass::road, kHard},
    {U"街", NameClass::road, kHard},
    {U"巷", NameClass::road, kHard},
    {U"道", NameClass::road, kSoft},
    {U"弄", NameClass::road, kSoft},
    {U"横", NameClass::road, kSoft},
    {U"直街", NameClass::road, kHard},
    {U"横街", NameClass::road, kHard},
    {U"横路", NameClass::road, kHard},
    {U"横巷", NameClass::road, kHard},
    {U"二环", NameClass::road, kSoft},
    {U"三环", NameClass::road, kSoft},
    {U"四环", NameClass::road, kSoft},
    {U"引线", NameClass::road, kSoft},
    {U"铁路", NameClass::railway, kHard},
    {U"铁道", NameClass::railway, kHard},
    {U"铁路线", NameClass::railway, kHard},
    {U"高铁", NameClass::railway, kSoft},
    {U"城际", NameClass::railway, kSoft},
    {U"线", NameClass::railway, kSoft},
    {U"河", NameClass::river, kSoft},
    {U"江", NameClass::river, kSoft},
    {U"渠", NameClass::river, kSoft},
    {U"溪", NameClass::river, kSoft},
    {U"涌", NameClass::river, kSoft},
    {U"浜", NameClass::river, kSoft},
    {U"湖", NameClass::river, kSoft},
    {U"港", NameClass::river, kSoft},
    {U"沟", NameClass::river, kSoft},
    {U"运河", NameClass::river, kSoft},
    {U"水库", NameClass::river, kSoft},
    {U"界", NameClass::boundary, kSoft},
    {U"边界", NameClass::boundary, kSoft},
    {U"区界", NameClass::boundary, kSoft},
    {U"围墙", NameClass::wall, kHard},
    {U"院墙", NameClass::wall, kHard},
    {U"城墙", NameClass::wall, kSoft},
    {U"桥", NameClass::landmark, kSoft},
    {U"立交", NameClass::landmark, kSoft},
    {U"岗", NameClass::landmark, kSoft},
    {U"山", NameClass::landmark, kSoft},
    {U"岭", NameClass::landmark, kSoft},
    {U"绿化带", NameClass::landmark, kHard},
    {U"绿地", NameClass::landmark, kSoft},
    {U"路口", NameClass::landmark, kHard},
    {U"街口", NameClass::landmark, kHard},
    {U"收费站", NameClass::landmark, kHard},
    {U"出入口", NameClass::landmark, kHard},
    // administration
    {U"市", NameClass::district, kSoft},
    {U"区", NameClass::district, kHard},
    {U"新区", NameClass::district, kHard},
    {U"开发区", NameClass::district, kHard},
    {U"县", NameClass::district, kHard},
    {U"镇", NameClass::town, kHard},
    {U"乡", NameClass::town, kHard},
    {U"街道", NameClass::town, kHard},
    {U"街道办", NameClass::town, kHard},
    {U"街道办事处", NameClass::town, kHard},
    {U"街办", NameClass::town, kHard},
    {U"办事处", NameClass::town, kHard},
    {U"社区", NameClass::community, kHard},
    {U"社区居委会", NameClass::community, kHard},
    {U"社区居民委员会", NameClass::community, kHard},
    {U"居委", NameClass::community, kHard},
    {U"居委会", NameClass::community, kHard},
    {U"居民委员会", NameClass::community, kHard},
    {U"里", NameClass::community, kHard},
    {U"村", NameClass::village, kHard},
    {U"行政村", NameClass::village, kHard},
    {U"自然村", NameClass::village, kHard},
    {U"村委会", NameClass::village, kHard},
    {U"村委", NameClass::village, kHard},
    {U"村民委员会", NameClass::village, kHard},
    {U"庄", NameClass::village, kSoft},
    {U"屯", NameClass::village, kSoft},
    {U"寨", NameClass::village, kSoft},
    {U"堡", NameClass::village, kSoft},
    {U"经济社", NameClass::group, kHard},
    {U"经济合作社", NameClass::group, kHard},
    {U"村民小组", NameClass::group, kHard},
    {U"生产队", NameClass::group, kHard},
    // estates
    {U"小区", NameClass::estate, kHard},
    {U"新村", NameClass::estate, kHard},
    {U"花园", NameClass::estate, kHard},
    {U"花苑", NameClass::estate, kHard},
    {U"家园", NameClass::estate, kHard},
    {U"家属院", NameClass::estate, kHard},
    {U"家属区", NameClass::estate, kHard},
    {U"家属楼", NameClass::estate, kHard},
    {U"住宅区", NameClass::estate, kHard},
    {U"住宅小区", NameClass::estate, kHard},
    {U"生活区", NameClass::estate, kHard},
    {U"宿舍区", NameClass::estate, kHard},
    {U"宿舍", NameClass::estate, kHard},
    {U"安置区", NameClass::estate, kHard},
    {U"安置小区", NameClass::estate, kHard},
    {U"安置房", NameClass::estate, kHard},
    {U"回迁房", NameClass::estate, kHard},
    {U"自建房", NameClass::estate, kHard},
    {U"公寓", NameClass::estate, kHard},
    {U"别墅", NameClass::estate, kHard},
    {U"别墅区", NameClass::estate, kHard},
    {U"大厦", NameClass::estate, kHard},
    {U"广场", NameClass::estate, kHard},
    {U"公馆", NameClass::estate, kHard},
    {U"山庄", NameClass::estate, kSoft},
    {U"庄园", NameClass::estate, kSoft},
    {U"大院", NameClass::estate, kHard},
    {U"新城", NameClass::estate, kSoft},
    {U"名城", NameClass::estate, kSoft},
    {U"华庭", NameClass::estate, kSoft},
    {U"豪庭", NameClass::estate, kSoft},
    {U"雅居", NameClass::estate, kSoft},
    {U"名都", NameClass::estate, kSoft},
    {U"半岛", NameClass::estate, kSoft},
    {U"苑", NameClass::estate, kSoft},
    {U"园", NameClass::estate, kSoft},
    {U"城", NameClass::estate, kSoft},
    {U"府", NameClass::estate, kSoft},
    {U"庭", NameClass::estate, kSoft},
    {U"湾", NameClass::estate, kSoft},
    {U"居", NameClass::estate, kSoft},
    {U"阁", NameClass::estate, kSoft},
    {U"轩", NameClass::estate, kSoft},
    {U"邸", NameClass::estate, kSoft},
    {U"郡", NameClass::estate, kSoft},
    {U"楼", NameClass::estate, kSoft},
    {U"院", NameClass::estate, kSoft},
    {U"坊", NameClass::estate, kSoft},
    {U"街坊", NameClass::block, kHard},
    // institutions
    {U"公司", NameClass::institution, kHard},
    {U"医院", NameClass::institution, kHard},
    {U"部队", NameClass::institution, kHard},
    {U"大学", NameClass::institution, kHard},
    {U"学院", NameClass::institution, kHard},
    {U"公园", NameClass::institution, kHard},
    {U"厂", NameClass::institution, kSoft},
    {U"厂区", NameClass::institution, kHard},
    {U"局", NameClass::institution, kSoft},
    {U"所", NameClass::institution, kSoft},
    {U"站", NameClass::institution, kSoft},
    {U"警备区", NameClass::institution, kHard},
    {U"园区", NameClass::institution, kHard},
    {U"度假区", NameClass::institution, kHard},
    {U"市场", NameClass::institution, kHard},
    {U"中心", NameClass::institution, kSoft},
    {U"码头", NameClass::institution, kHard},
    {U"机场", NameClass::institution, kSoft},
    {U"集团", NameClass::institution, kSoft},
    {U"本校", NameClass::school, kHard},
    {U"小学", NameClass::school, kHard},
    {U"中学", NameClass::school, kHard},
    {U"国小", NameClass::school, kHard},
    {U"国中", NameClass::school, kHard},
    {U"高中", NameClass::school, kHard},
    {U"初中", NameClass::school, kHard},
    {U"学校", NameClass::school, kHard},
    {U"校区", NameClass::school, kHard},
    {U"分校", NameClass::school, kHard},
    {U"教育集团", NameClass::school, kHard},
    {U"幼儿园", NameClass::institution, kHard},
};

struct UnitEntry {
  std::u32string_view text;
  NumberUnit unit;
};
constexpr UnitEntry kUnits[] = {
    {U"号大院", NumberUnit::compound}, {U"号院", NumberUnit::compound}, {U"大院", NumberUnit::compound},
    {U"号楼", NumberUnit::building},   {U"号", NumberUnit::door},       {U"支弄", NumberUnit::sublane},
    {U"弄", NumberUnit::lane},         {U"巷", NumberUnit::lane},       {U"幢", NumberUnit::building},
    {U"栋", NumberUnit::building},     {U"座", NumberUnit::building},   {U"期", NumberUnit::phase},
    {U"组", NumberUnit::group},        {U"社", NumberUnit::group},      {U"队", NumberUnit::group},
    {U"邻", NumberUnit::group},        {U"遴", NumberUnit::group},      {U"号门牌", NumberUnit::door},
};

// Entries by their first character, longest first.
template <typename Entry>
class FirstCharTable {
 public:
  template <std::size_t N>
  explicit FirstCharTable(const Entry (&entries)[N]) {
    for (const Entry& entry : entries) by_first_[entry.text[0]].push_back(&entry);
    for (auto& [first, list] : by_first_)
      std::sort(list.begin(), list.end(),
                [](const Entry* a, const Entry* b) { return a->text.size() > b->text.size(); });
  }
  const Entry* longest_at(std::u32string_view text) const {
    if (text.empty()) return nullptr;
    const auto found = by_first_.find(text[0]);
    if (found == by_first_.end()) return nullptr;
    for (const Entry* entry : found->second)
      if (text.starts_with(entry->text)) return entry;
    return nullptr;
  }

 private:
  std::unordered_map<char32_t, std::vector<const Entry*>> by_first_;
};

WordHit hit_of(const WordEntry* entry) {
  if (entry == nullptr) return {};
  return {entry->word, entry->text.size(), std::nullopt};
}

bool continues_a_name(std::u32string_view text) {
  return !text.empty() && text[0] >= 0x4e00 && text[0] <= 0x9fff && text[0] != U'的' && text[0] != U'区' &&
         text[0] != U'范' && text[0] != U'之';
}

// The compass word at the start: 东, or 东北 where `whole_word` allows two.
std::size_t compass_at(std::u32string_view text, std::optional<Compass>& out) {
  if (text.empty()) return 0;
  out = compass_of(text[0]);
  if (!out) return 0;
  if (text.size() < 2) return 1;
  const std::optional<Compass> second = compass_of(text[1]);
  const bool first_is_ew = *out == Compass::east || *out == Compass::west;
  if (!second || !first_is_ew || (*second != Compass::north && *second != Compass::south)) return 1;
  if (continues_a_name(text.substr(2))) return 1;
  if (*out == Compass::east)
    out = *second == Compass::north ? Compass::northeast : Compass::southeast;
  else
    out = *second == Compass::north ? Compass::northwest : Compass::southwest;
  return 2;
}

}  // namespace

std::optional<Compass> compass_of(char32_t c) {
  switch (c) {
    case U'东':
      return Compass::east;
    case U'西':
      return Compass::west;
    case U'南':
      return Compass::south;
    case U'北':
      return Compass::north;
    default:
      return std::nullopt;
  }
}

WordHit strong_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table(kStrong);
  if (text.starts_with(U"以")) {
    std::optional<Compass> compass;
    const std::size_t length = compass_at(text.substr(1), compass);
    if (length > 0) return {Word::side_of, length + 1, compass};
  }
  return hit_of(table.longest_at(text));
}

WordHit weak_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table(kWeak);
  if (text.size() >= 2 && text[1] == U'侧')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::side_of, 2, compass};
  if (text.size() >= 2 && text[1] == U'段')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::section, 2, compass};
  return hit_of(table.longest_at(text));
}

WordHit opening_word_at(std::u32string_view text) {
  static const FirstCharTable<WordEntry> table(kOpening);
  if (text.size() >= 2 && text[1] == U'段')
    if (const std::optional<Compass> compass = compass_of(text[0])) return {Word::section, 2, compass};
  return hit_of(table.longest_at(text));
}

SuffixHit suffix_at(std::u32string_view text) {
  static const FirstCharTable<SuffixEntry> table(kSuffixes);
  const SuffixEntry* entry = table.longest_at(text);
  if (entry == nullptr) return {};
  return {entry->what, entry->text.size(), entry->hard};
}

UnitHit unit_at(std::u32string_view text) {
  static const FirstCharTable<UnitEntry> table(kUnits);
  const UnitEntry* entry = table.longest_at(text);
  if (entry == nullptr) return {};
  return {entry->unit, entry->text.size()};
}

bool is_numeral(char32_t c) {
  return std::u32string_view(U"一二三四五六七八九十百千〇零廿卅两").find(c) != std::u32string_view::npos;
}

std::int32_t numeral_value(std::u32string_view numeral) {
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  std::int32_t total = 0;
  std::int32_t digit = 0;
  bool any_digit = false;
  bool any_unit = false;
  for (const char32_t c : numeral) {
    if (total > 999999 || digit > 99999) return 0;
    const char32_t folded = c == U'零' ? U'〇' : c == U'两' ? U'二' : c;
    const std::size_t value = kDigits.find(folded);
    if (value != std::u32string_view::npos) {
      digit = any_digit ? digit * 10 + static_cast<std::int32_t>(value) : static_cast<std::int32_t>(value);
      any_digit = true;
      continue;
    }
    const std::int32_t unit = c == U'十'   ? 10
                              : c == U'百' ? 100
                              : c == U'千' ? 1000
                              : c == U'廿' ? 20
                              : c == U'卅' ? 30
                                           : 0;
    if (unit == 0) return 0;
    any_unit = true;
    if (unit == 20 || unit == 30)
      total += unit;
    else
      total += (any_digit ? digit : 1) * unit;
    digit = 0;
    any_digit = false;
  }
  return any_digit || any_unit ? total + digit : 0;
}

}  // namespace catchment::engine::zone_text
