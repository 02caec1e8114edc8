/* Class maps: what each form declares, what is wrong with malformed ones and where, what becomes of
 * the label settings, and the maps that come with the program. */
#include "support.h"

#include "count/class_map.h"
#include "meanings.h"

/* --- Parsing ---------------------------------------------------------------------------------- */

/* Parses `length` bytes in memory that ends behind their NUL: a sanitizer sees a read beyond. */
static enum mw_status parse(struct mw_class_map *map, const char *text, size_t length,
                            struct mw_error *err) {
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\0';
    *map = (struct mw_class_map){0};
    enum mw_status status = mw_class_map_parse(map, copy, length, err);
    free(copy);
    return status;
}

/* One class a line: id or "ignored", name or "-", colour or "-", values, "background". */
static void describe(const struct mw_class_map *map, struct mw_text *text) {
    for (size_t i = 0; i < map->count; i++) {
        const struct mw_map_class *entry = &map->classes[i];
        if (entry->ignore) mw_text_print(text, "ignored");
        else mw_text_print(text, "%" PRIu32, entry->id);
        mw_text_print(text, " %s", entry->name ? entry->name : "-");
        if (entry->colour < 0) mw_text_print(text, " -");
        else mw_text_print(text, " #%06" PRIX64, entry->colour);
        if (entry->values.count) {
            mw_text_print(text, " =");
            mw_ranges_print(&entry->values, text);
        }
        mw_text_print(text, "%s\n", entry->background ? " background" : "");
    }
}

static void check_map(const char *text, const char *wanted, bool says_background, const char *file,
                      int line) {
    struct mw_class_map map;
    struct mw_text found = {0};
    struct mw_error err;
    check_status(parse(&map, text, strlen(text), &err), MW_OK, NULL, &err, file, line);
    describe(&map, &found);
    if (strcmp(text_of(&found), wanted) != 0 || map.says_background != says_background) {
        print_error("%s:%d: not the classes of: %s\n%s", file, line, text, text_of(&found));
        _fail(file, line);
    }
    mw_text_free(&found);
    mw_class_map_free(&map);
}

/* The text declares these classes, and nothing about background. */
#define assert_map(text, wanted) check_map(text, wanted, false, __FILE__, __LINE__)
/* The same of a form that says which classes are background. */
#define assert_full_map(text, wanted) check_map(text, wanted, true, __FILE__, __LINE__)

TEST(names_are_numbered_from_0) {
    assert_map("road\ncar\n", "0 road -\n1 car -\n");
    assert_map("road\ncar", "0 road -\n1 car -\n");
    assert_map("road", "0 road -\n");
    assert_map("traffic light\nvégétation\n車\n", "0 traffic light -\n1 végétation -\n2 車 -\n");
    assert_map("a:b\n1,2,3\n7\n\"x\"\n", "0 a:b -\n1 1,2,3 -\n2 7 -\n3 \"x\" -\n");
}

TEST(a_colour_list_has_three_numbers_and_a_name) {
    assert_map("64 128 64\tAnimal\n192 0 128\t\tArchway\n",
               "0 Animal #408040\n1 Archway #C00080\n");
    assert_map("0 0 0 void\n255 255 255 white\n", "0 void #000000\n1 white #FFFFFF\n");
    assert_map("  1   2 3   traffic light  \n", "0 traffic light #010203\n");
    assert_map("# r g b name\n\n1 2 3 a\n  \n# more\n4 5 6 b\n\n", "0 a #010203\n1 b #040506\n");
}

TEST(labelmap_txt_has_a_name_a_colour_parts_and_actions) {
    assert_map("# label:color_rgb:parts:actions\n"
               "background:0,0,0::\n"
               "road:128,64,128:left,right:drive\n"
               "traffic light:1,2,3\n",
               "0 background #000000\n1 road #804080\n2 traffic light #010203\n");
    assert_map("a:0,0,0::\nb:::\nc:\nd::head:\n", "0 a #000000\n1 b -\n2 c -\n3 d -\n");
    assert_map("a:1,2,3::\nb: 4, 5 ,6 :\n", "0 a #010203\n1 b #040506\n");
}

/* As Datumaro writes it for classes without colours. */
TEST(labelmap_txt_may_have_no_colour_at_all) {
    assert_map("# label:color_rgb:parts:actions\nhelmet:::\nperson::head,foot:\n",
               "0 helmet -\n1 person -\n");
    assert_map("background:::\nroad:128,64,128::\n", "0 background -\n1 road #804080\n");
}

TEST(class_dict_csv_has_a_header) {
    assert_map("name,r,g,b\nurban_land,0,255,255\nunknown,0,0,0\n",
               "0 urban_land #00FFFF\n1 unknown #000000\n");
    assert_map("Name,R,G,B\nroad,1,2,3", "0 road #010203\n");
    assert_map("name,r,g,b\n\nroad, 1 ,2, 3 \n\n", "0 road #010203\n");
    assert_map("name,r,g,b\n\"road, wet\",1,2,3\n\"a \"\"b\"\"\",4,5,6\n\"c\",7,8,9\n",
               "0 road, wet #010203\n1 a \"b\" #040506\n2 c #070809\n");
}

/* As spreadsheets and other programs write it. */
TEST(class_dict_csv_may_have_blanks_or_semicolons) {
    assert_map("name, r, g, b\nroad, 1, 2, 3\n", "0 road #010203\n");
    assert_map(" name ,r , g,b\t\nroad,1,2,3\n", "0 road #010203\n");
    assert_map("Name;R;G;B\nroad;1;2;3\n\"a;b\";4;5;6\nc,d;7;8;9\n",
               "0 road #010203\n1 a;b #040506\n2 c,d #070809\n");
    assert_map("name,r,g,b\n traffic light ,1,2,3\n \"a \" ,4,5,6\n",
               "0 traffic light #010203\n1 a  #040506\n");
    assert_map("# made by hand\n\nname,r,g,b\nroad,1,2,3\n", "0 road #010203\n");
}

TEST(json_maps_ids_to_names) {
    assert_map("{\"0\": \"road\", \"1\": \"car\"}", "0 road -\n1 car -\n");
    assert_map("{\"7\": \"road\", \"0\": \"car\", \"4294967295\": \"last\"}",
               "7 road -\n0 car -\n4294967295 last -\n");
    assert_map("\n { \"0\" :\n\"a\\u00e9\\\"\" }", "0 aé\" -\n");
    /* config.json of a Hugging Face model */
    assert_map("{\"architectures\": [\"X\"], \"id2label\": {\"0\": \"wall\", \"1\": \"sky\"},\n"
               " \"label2id\": {\"wall\": 0, \"sky\": 1}, \"num_labels\": 2}",
               "0 wall -\n1 sky -\n");
}

TEST(a_json_list_is_of_names) {
    assert_map("[\"road\", \"car\"]", "0 road -\n1 car -\n");
    assert_map(" \n[ \"a]\" , \"b\\\"\" ]\n", "0 a] -\n1 b\" -\n");
}

TEST(json_lists_of_names_and_of_colours_belong_together) {
    assert_map("{\"classes\": [\"a\", \"b\"], \"palette\": [[1, 2, 3], [255, 0, 128]]}",
               "0 a #010203\n1 b #FF0080\n");
    assert_map("{\"palette\": [[1, 2, 3]], \"more\": {}, \"classes\": [\"a\"]}", "0 a #010203\n");
    assert_map("{\"CLASSES\": [\"a\"], \"PALETTE\": [[1, 2, 3]]}", "0 a #010203\n");
    assert_map("{\"classes\": [\"a\", \"b\"], \"palette\": null}", "0 a -\n1 b -\n");
    assert_map("{\"classes\": [\"a\", \"b\"]}", "0 a -\n1 b -\n");
}

TEST(dataset_meta_json_is_understood) {
    assert_map("{\"label_map\": {\"0\": \"background\", \"5\": \"car\"},\n"
               " \"background_label\": \"0\",\n"
               " \"segmentation_colors\": [[0, 0, 0], [64, 0, 128]]}",
               "0 background #000000\n5 car #400080\n");
    assert_map("{\"classes\": [\"a\"], \"segmentation_colors\": [[1, 2, 3]]}", "0 a #010203\n");
    assert_map("{\"labels\": [\"background\", \"car\"]}", "0 background -\n1 car -\n");
}

TEST(our_own_form_says_everything) {
    assert_full_map(
        "{\"maskweight_class_map\": 1, \"source\": \"by hand\", \"classes\": [\n"
        "{\"id\": 3, \"name\": \"road\", \"color\": [128, 64, 128], \"values\": [7, 8]},\n"
        "{\"id\": 0, \"color\": \"#00ff0A\", \"background\": true},\n"
        "{\"name\": \"void\", \"ignore\": true, \"values\": [[-1, 6], 255]},\n"
        "{\"ignore\": true, \"color\": \"#000000\", \"background\": false},\n"
        "{\"id\": 9, \"ignore\": false, \"values\": []}]}",
        "3 road #804080 =7-8\n0 - #00FF0A background\nignored void - =-1-6,255\n"
        "ignored - #000000\n9 - -\n");
    assert_full_map("{\"classes\": [{\"id\": 4294967295}], \"maskweight_class_map\": 1}",
                    "4294967295 - -\n");
}

/* The same text with every line end as Windows writes it, and with a byte order mark. */
TEST(line_ends_and_a_byte_order_mark_change_nothing) {
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"road\ncar\n", "0 road -\n1 car -\n"},
        {"# r g b\n1 2 3 a\n\n4 5 6 b\n", "0 a #010203\n1 b #040506\n"},
        {"a:1,2,3::\nb:::\nc:4,5,6\n", "0 a #010203\n1 b -\n2 c #040506\n"},
        {"name,r,g,b\na,1,2,3\n\n\"b\",4,5,6\n", "0 a #010203\n1 b #040506\n"},
        {"{\"0\": \"a\",\n\"1\": \"b\"}\n", "0 a -\n1 b -\n"},
        {"[\"a\",\n\"b\"]\n", "0 a -\n1 b -\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_text text = {0};
        for (const char *s = cases[i].text; *s; s++)
            mw_text_add(&text, *s == '\n' ? "\r\n" : s, *s == '\n' ? 2 : 1);
        assert_map(text_of(&text), cases[i].wanted);
        mw_text_clear(&text);
        mw_text_print(&text, "\xef\xbb\xbf%s", cases[i].text);
        assert_map(text_of(&text), cases[i].wanted);
        mw_text_free(&text);
    }
}

/* --- Malformed ones --------------------------------------------------------------------------- */

struct malformed {
    const char *text;
    unsigned line, column; /* column 0: whichever */
    const char *part;      /* of the message */
};

static void check_malformed(const struct malformed *one, size_t length) {
    struct mw_class_map map;
    struct mw_error err = {0};
    char place[64];
    enum mw_status status = parse(&map, one->text, length, &err);
    if (one->column) snprintf(place, sizeof place, "line %u, column %u: ", one->line, one->column);
    else snprintf(place, sizeof place, "line %u, column ", one->line);
    mw_class_map_free(&map);
    if (status == MW_USAGE && err.status == status && is_one_line(err.message) &&
        strstr(err.message, place) == err.message && strstr(err.message, one->part))
        return;
    fail_msg("status %d, '%s', not '%s...%s' of: %s", (int)status, status ? err.message : "", place,
             one->part, one->text);
}

#define assert_malformed(...)                                                                      \
    do {                                                                                           \
        const struct malformed all[] = {__VA_ARGS__};                                              \
        for (size_t i = 0; i < COUNT(all); i++) check_malformed(&all[i], strlen(all[i].text));     \
    } while (0)

TEST(malformed_names_are_told_with_their_line) {
    assert_malformed(
        {"a\n\nb\n", 2, 1, "empty line"}, {"\na\n", 1, 1, "empty line"},
        {"a\n \t\nb\n", 2, 1, "empty line"}, {"a\nb\n\n", 3, 1, "empty line"},
        {"a\r\n\r\nb", 2, 1, "empty line"}, {"a\nb\na\n", 3, 1, "name as on line 1, column 1"},
        {"a\nb\tc\n", 2, 1, "control character"}, {"a\nb\x7f\n", 2, 1, "control character"},
        {"a\rb\n", 1, 1, "control character"}, {"", 1, 1, "no class"},
        {"\xef\xbb\xbf", 1, 1, "no class"});
}

/* Else class 0 would be called "2 car". */
TEST(a_list_of_names_with_numbers_is_refused) {
    assert_malformed({"2 car\n0 sky\n1 road\n", 1, 1, "looks like a class id"},
                     {"sky\n0: car\n1: road\n", 2, 1, "looks like a class id"},
                     {"class_name,class_id\na,0\nb,1\n", 2, 3, "looks like a class id"});
    assert_map("class 0\nclass 1\n3D model\n", "0 class 0 -\n1 class 1 -\n2 3D model -\n");
}

TEST(what_is_not_utf_8_is_told_with_its_place) {
    assert_malformed({"a\xff\n", 1, 2, "not UTF-8"}, {"a\nbc\x80", 2, 3, "not UTF-8"},
                     {"\xff", 1, 1, "not UTF-8"}, {"a\nb\xc3\n", 2, 2, "not UTF-8"},
                     {"[\"a\", \"\xc0\xaf\"]", 1, 8, "not UTF-8"});
}

/* Columns are characters, and one that is cut by a guess at the place is none of the bad ones. */
TEST(the_place_of_what_is_not_utf_8_is_behind_every_character_that_is) {
    assert_malformed({"\xc3\xa9\xff", 1, 2, "not UTF-8"}, {"caf\xc3\xa9 \xff", 1, 6, "not UTF-8"},
                     {"a\n\xe8\xbb\x8a\xe8\xbb\x8a\xff\n", 2, 3, "not UTF-8"},
                     {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xff", 1, 5, "not UTF-8"},
                     {"\xf0\x9f\x9a\x97 car\n\xf0\x9f\x9a\x97 b\xff", 2, 4, "not UTF-8"});
}

TEST(a_byte_order_mark_has_no_column) {
    assert_malformed({"\xef\xbb\xbf"
                      "a\xff\n",
                      1, 2, "not UTF-8"},
                     {"\xef\xbb\xbf"
                      "1 2 3 a\n1 2 300 b\n",
                      2, 5, "0 to 255"},
                     {"\xef\xbb\xbf"
                      "[\"a\", \"a\"]",
                      1, 7, "line 1, column 2"});
}

TEST(a_nul_is_told_with_its_place) {
    check_malformed(&(struct malformed){"a\nb\0c", 2, 2, "NUL"}, 5);
    check_malformed(&(struct malformed){"\0", 1, 1, "NUL"}, 1);
    check_malformed(&(struct malformed){"[\"a\"]\0", 1, 6, "NUL"}, 6);
}

TEST(malformed_colour_lists_are_told_with_their_place) {
    assert_malformed({"256 0 0 a", 1, 1, "0 to 255"}, {"0 256 0 a", 1, 3, "0 to 255"},
                     {"0 0 -1 a", 1, 5, "0 to 255"}, {"1 2 3 a\n1 2 b\n", 2, 5, "0 to 255"},
                     {"1 2 3 a\n\n# c\n1\n", 4, 2, "0 to 255"},
                     {"1 2 3 a\nroad 4 5 6\n", 2, 1, "0 to 255"},
                     {"1 2 3 a\n4 5 99999999999999999999 b\n", 2, 5, "0 to 255"},
                     {"1 2 3 a\n4 5 6\n", 2, 1, "without a name"},
                     {"1 2 3 a\n4 5 6  \n", 2, 1, "without a name"},
                     {"1 2 3 a\n4 5 6 a\n", 2, 1, "name as on line 1, column 1"},
                     {"# x\n1 2 3 a\n1 2 3 b\n", 3, 1, "colour as on line 2, column 1"},
                     {"1 2 3 a\n4 5 6 b\x01\n", 2, 1, "control character"});
}

/* A letter O for a 0 must not become a name. */
TEST(a_number_that_runs_into_the_name_is_malformed) {
    assert_malformed({"1 2 3 a\n4 5 3O road\n", 2, 0, ""}, {"1 2 3 a\n4 5 6road\n", 2, 0, ""});
}

TEST(malformed_labelmaps_are_told_with_their_place) {
    assert_malformed(
        {"a:0,0,0::\nb\n", 2, 2, "':' is missing"},
        {"a:0,0,0::\nb:0,0::\n", 2, 6, "',' is missing"}, {"a:0,0,256::\n", 1, 7, "0 to 255"},
        {"a:0,0,0::\nb:0,-1,0::\n", 2, 5, "0 to 255"}, {"a:0,0,0::\nb:0,,0::\n", 2, 5, "0 to 255"},
        {"a:0,0,0::\nb:0,0,1x::\n", 2, 8, "':' is missing"},
        {"a:0,0,0::\n:1,2,3::\n", 2, 1, "without a name"},
        {"a:0,0,0::\na:1,2,3::\n", 2, 1, "name as on line 1, column 1"},
        {"a:0,0,0::\nb:0,0,0::\n", 2, 1, "colour as on line 1, column 1"},
        {"a:0,0,0::\nb\tc:1,2,3::\n", 2, 1, "control character"});
}

TEST(malformed_csv_is_told_with_its_place) {
    assert_malformed(
        {"name,r,g,b,a\n", 1, 11, "header"}, {"name,r,g,b\n", 1, 1, "no class"},
        {"name,r,g,b\nroad\n", 2, 5, "',' is missing"},
        {"name,r,g,b\nroad,1,2\n", 2, 9, "',' is missing"},
        {"name,r,g,b\nroad,1,2,\n", 2, 10, "0 to 255"},
        {"name,r,g,b\nroad,256,2,3\n", 2, 6, "0 to 255"},
        {"name,r,g,b\nroad,-1,2,3\n", 2, 6, "0 to 255"},
        {"name,r,g,b\nroad,1.5,2,3\n", 2, 7, "',' is missing"},
        {"name,r,g,b\nroad,,2,3\n", 2, 6, "0 to 255"},
        {"name,r,g,b\nroad,a,2,3\n", 2, 6, "0 to 255"},
        {"name,r,g,b\n\"road,1,2,3\n", 2, 1, "not closed"},
        {"name,r,g,b\n\"road\"\",1,2,3\n", 2, 1, "not closed"},
        {"name,r,g,b\n\"", 2, 1, "not closed"},
        {"name,r,g,b\n\"road\"x,1,2,3\n", 2, 7, "',' is missing"},
        {"name,r,g,b\nroad,1,2,3,4\n", 2, 11, "behind the colour"},
        {"name,r,g,b\nroad,1,2,3 x\n", 2, 12, "behind the colour"},
        {"name,r,g,b\n,1,2,3\n", 2, 1, "without a name"},
        {"name,r,g,b\n\"\",1,2,3\n", 2, 1, "without a name"},
        {"name,r,g,b\na,1,2,3\n\n\"a\",4,5,6\n", 4, 1, "name as on line 2, column 1"},
        {"name,r,g,b\r\na,1,2,3\r\nb,1,2,3\r\n", 3, 1, "colour as on line 2, column 1"},
        {"name,r,g,b\na\tb,1,2,3\n", 2, 1, "control character"});
}

/* Columns that nobody would read right by guessing are refused, with the header that is read. */
TEST(another_header_of_a_table_of_colours_is_malformed) {
    assert_malformed({"id,name,r,g,b\n0,a,1,2,3\n", 1, 1, "not name,r,g,b"},
                     {"r,g,b,name\n1,2,3,a\n", 1, 1, "not name,r,g,b"},
                     {"name,R,G,B,A\na,1,2,3,4\n", 1, 11, "not name,r,g,b"},
                     {"name, r, g, b, id\na,1,2,3,0\n", 1, 14, "not name,r,g,b"},
                     {"name,red,green,blue\na,1,2,3\n", 1, 6, "not name,r,g,b"},
                     {"class;r;g;b\na;1;2;3\n", 1, 1, "not name,r,g,b"},
                     {"\"name\",\"r\",\"g\",\"b\"\na,1,2,3\n", 1, 1, "not name,r,g,b"},
                     {"name\tr\tg\tb\na\t1\t2\t3\n", 1, 6, "not name,r,g,b"},
                     {"name,r;g;b\na,1;2;3\n", 1, 5, "not name,r,g,b"},
                     {"\n# c\nid,name,r,g,b\n", 3, 1, "not name,r,g,b"},
                     {"\xef\xbb\xbfid,name,r,g,b\r\n", 1, 1, "not name,r,g,b"},
                     {"name;r;g;b\na;1;2\n", 2, 6, "';' is missing"},
                     {"name;r;g;b\na,1,2,3\n", 2, 8, "';' is missing"});
}

/* A row of colours must not become the name of a class. */
TEST(lines_of_colours_are_no_list_of_names) {
    assert_malformed({"road,128,64,128\ncar,0,0,142\n", 1, 6, "header name,r,g,b"},
                     {"road;128;64;128\n", 1, 6, "header name,r,g,b"},
                     {"128,64,128,road\n", 1, 1, "header name,r,g,b"},
                     {"0,road,128,64,128\n", 1, 8, "header name,r,g,b"},
                     {"road (128, 64, 128)\n", 1, 7, "header name,r,g,b"},
                     {"road 128 64 128\n", 1, 6, "128 64 128 road"},
                     {"128 64 128\n0 0 142\n", 1, 1, "128 64 128 road"},
                     {"background #000000\nroad #804080\n", 1, 12, "header name,r,g,b"},
                     {"#000000 background\r\n#80408f road\r\n", 1, 1, "header name,r,g,b"},
                     {"void\nroad,1,2,3\ncar,4,5,6\n", 2, 6, "header name,r,g,b"});
    assert_map("void\nroad,1,2,3\n", "0 void -\n1 road,1,2,3 -\n");
    assert_map("v1.2.3\na,1,2,256\n1,2,3rd\nx1,2,3\n1,2\n#12345\n#1234567\n#abcdefg\n",
               "0 v1.2.3 -\n1 a,1,2,256 -\n2 1,2,3rd -\n3 x1,2,3 -\n4 1,2 -\n5 #12345 -\n"
               "6 #1234567 -\n7 #abcdefg -\n");
}

TEST(utf_16_is_told_by_name) {
    check_malformed(&(struct malformed){"\xff\xfer\0o\0", 1, 1, "UTF-16"}, 6);
    check_malformed(&(struct malformed){"\xfe\xff\0r\0o", 1, 1, "UTF-16"}, 6);
}

/* "line 2, column 7: not JSON" */
static void check_syntax(const char *text, const char *place) {
    struct mw_class_map map;
    struct mw_error err;
    assert_fails(parse(&map, text, strlen(text), &err), MW_USAGE, place, &err);
    assert_non_null(strstr(err.message, "JSON"));
    mw_class_map_free(&map);
}

TEST(json_that_is_none_is_told_with_its_place) {
    check_syntax("{\n \"0\": road\n}", "line 2, column 7");
    check_syntax("[\"a\", \"b\"] x", "line 1, column 12");
    check_syntax("[\"a\"\n \"b\"]", "line 2, column 2");
    check_syntax("{\"0\": \"a\",}", "line 1, column ");
    check_syntax("{\"0\": \"a\"", "line 1, column ");
    check_syntax("[\"a\"]\n[\"b\"]", "line 2, column 1");
    check_syntax("{", "line 1, column ");
    check_syntax("[", "line 1, column ");
    check_syntax("[\"a", "line 1, column ");
    check_syntax("{\"0\": \"\\u12\"}", "line 1, column ");
    struct mw_text deep = {0};
    for (int i = 0; i < 100000; i++) mw_text_add(&deep, "[", 1);
    check_syntax(text_of(&deep), "line 1, column ");
    mw_text_free(&deep);
}

TEST(malformed_json_of_names_is_told_with_its_place) {
    assert_malformed(
        {"[]", 1, 1, "no class"}, {"{}", 1, 1, "no class"}, {"[\"a\", 1]", 1, 7, "string"},
        {"[\"a\", null]", 1, 7, "string"}, {"[\"a\", [\"b\"]]", 1, 7, "string"},
        {"[\"a\",\n  \"\"]", 2, 3, "without a name"},
        {"[\"a\",\n  \"b\\u0001\"]", 2, 3, "control character"},
        {"[\"a\", \"é\", \"a\"]", 1, 12, "name as on line 1, column 2"},
        {"{\"0\": \"a\", \"x\": \"b\"}", 1, 12, "'x' is no class id"},
        {"{\"0\": \"a\", \"-1\": \"b\"}", 1, 12, "'-1' is no class id"},
        {"{\"0\": \"a\", \"\": \"b\"}", 1, 12, "'' is no class id"},
        {"{\"0\": \"a\", \"1.0\": \"b\"}", 1, 12, "'1.0' is no class id"},
        {"{\"0\": \"a\", \"4294967296\": \"b\"}", 1, 12, "'4294967296' is no class id"},
        {"{\"0\":\"a\",\"0\":\"b\"}", 1, 10, "\"0\" stands twice: as on line 1, column 2"},
        {"{\"0\":\"a\",\n\"1\":\"a\"}", 2, 1, "name as on line 1, column 2"},
        {"{\"0\": 5}", 1, 2, "string"}, {"{\"classes\": 7}", 1, 2, "no class id"},
        {"{\"id2label\": {\"0\": \"a\",\n  \"b\": \"c\"}}", 2, 3, "'b' is no class id"},
        {"{\"label_map\": {\"0\": \"a\",\n  \"0\": \"c\"}}", 2, 3,
         "stands twice: as on line 1, column 16"},
        {"{\"classes\": []}", 1, 1, "no class"});
}

/* A NUL in a name would end it unseen. */
TEST(an_escaped_nul_in_a_name_is_malformed) {
    struct mw_class_map map;
    struct mw_error err;
    const char *text = "[\"a\\u0000b\"]";
    assert_fails(parse(&map, text, strlen(text), &err), MW_USAGE, "line 1, column ", &err);
    mw_class_map_free(&map);
}

#define TWO "{\"classes\": [\"a\", \"b\"],\n \"palette\": "

TEST(malformed_palettes_are_told_with_their_place) {
    assert_malformed({TWO "[[1, 2, 3]]}", 2, 13, "1 colours for 2 classes"},
                     {TWO "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]}", 2, 13, "3 colours for 2 classes"},
                     {TWO "5}", 2, 13, "not a list"}, {TWO "{}}", 2, 13, "not a list"},
                     {TWO "[[1, 2, 3], [4, 5]]}", 2, 25, "0 to 255"},
                     {TWO "[[1, 2, 3], [4, 5, 6, 7]]}", 2, 25, "0 to 255"},
                     {TWO "[[1, 2, 256], [4, 5, 6]]}", 2, 14, "0 to 255"},
                     {TWO "[[1, 2, 3], [4, -1, 6]]}", 2, 25, "0 to 255"},
                     {TWO "[[1, 2, 3], [4, 1.5, 6]]}", 2, 25, "0 to 255"},
                     {TWO "[[1, 2, 3], [4, \"5\", 6]]}", 2, 25, "0 to 255"},
                     {TWO "[[1, 2, 3], 7]}", 2, 25, "0 to 255"},
                     {TWO "[\"#010203\", \"#01020\"]}", 2, 25, "#RRGGBB"},
                     {TWO "[\"#010203\", \"#01020G\"]}", 2, 25, "#RRGGBB"},
                     {TWO "[\"#010203\", \"0102034\"]}", 2, 25, "#RRGGBB"},
                     {TWO "[[1, 2, 3], [1, 2, 3]]}", 1, 19, "colour as on line 1, column 14"});
}

TEST(classes_or_colours_under_two_keys_are_malformed) {
    assert_malformed({"{\"label_map\": {\"0\": \"a\"},\n \"labels\": [\"b\"]}", 2, 2,
                      "classes stand under \"label_map\" already: leave that or \"labels\" out"},
                     {"{\"id2label\": {\"0\": \"a\"},\n  \"classes\": [\"b\"]}", 2, 3,
                      "under \"id2label\" already"},
                     {"{\"classes\": [\"a\"], \"CLASSES\": [\"a\"]}", 1, 20, "\"classes\" already"},
                     {"{\"classes\": [\"a\"], \"palette\": [[1, 2, 3]],\n\"PALETTE\": [[1, 2, 4]]}",
                      2, 1, "colours stand under \"palette\" already"});
    assert_map("{\"classes\": [\"a\"], \"labels\": null}", "0 a -\n");
}

#define OWN "{\"maskweight_class_map\": 1, \"classes\": [\n  {\"id\": 0, \"name\": \"a\"},\n  "

TEST(malformed_classes_of_our_own_form_are_told_with_their_place) {
    assert_malformed(
        {OWN "{\"name\": \"b\"}]}", 3, 3, "without \"id\""}, {OWN "{}]}", 3, 3, "without \"id\""},
        {OWN "{\"id\": 0}]}", 3, 3, "id as on line 2, column 3"},
        {OWN "{\"id\": 1, \"name\": \"a\"}]}", 3, 3, "name as on line 2, column 3"},
        {OWN "{\"ignore\": true, \"values\": [9], \"name\": \"a\"}]}", 3, 3,
         "name as on line 2, column 3"},
        {OWN "{\"id\": 1, \"color\": \"#010203\"}, {\"id\": 2, \"color\": [1, 2, 3]}]}", 3, 34,
         "colour as on line 3, column 3"},
        {OWN "{\"id\": 1, \"colour\": \"#010203\"}]}", 3, 13, "\"colour\""},
        {OWN "{\"id\": 1, \"ID\": 2}]}", 3, 13, "\"ID\""},
        {OWN "{\"id\": \"1\"}]}", 3, 4, "\"id\""}, {OWN "{\"id\": -1}]}", 3, 4, "\"id\""},
        {OWN "{\"id\": 1.5}]}", 3, 4, "\"id\""}, {OWN "{\"id\": 4294967296}]}", 3, 4, "\"id\""},
        {OWN "{\"id\": 1, \"name\": 5}]}", 3, 13, "\"name\""},
        {OWN "{\"id\": 1, \"name\": \"\"}]}", 3, 3, "without a name"},
        {OWN "{\"id\": 1, \"name\": \"b\\t\"}]}", 3, 3, "control character"},
        {OWN "{\"id\": 1, \"color\": [1, 2]}]}", 3, 13, "0 to 255"},
        {OWN "{\"id\": 1, \"color\": [1, 2, 256]}]}", 3, 13, "0 to 255"},
        {OWN "{\"id\": 1, \"color\": null}]}", 3, 13, "0 to 255"},
        {OWN "{\"id\": 1, \"values\": 7}]}", 3, 13, "\"values\""},
        {OWN "{\"id\": 1, \"values\": [\"7\"]}]}", 3, 13, "\"values\""},
        {OWN "{\"id\": 1, \"values\": [7.5]}]}", 3, 13, "\"values\""},
        {OWN "{\"id\": 1, \"values\": [[3, 1]]}]}", 3, 13, "\"values\""},
        {OWN "{\"id\": 1, \"values\": [[1, 2, 3]]}]}", 3, 13, "\"values\""},
        {OWN "{\"id\": 1, \"ignore\": 1}]}", 3, 13, "\"ignore\""},
        {OWN "{\"id\": 1, \"background\": \"yes\"}]}", 3, 13, "\"background\""},
        {OWN "{\"ignore\": true}]}", 3, 3, "ignored"}, {OWN "5]}", 3, 3, "object"},
        {OWN "[]]}", 3, 3, "object"});
}

TEST(malformed_heads_of_our_own_form_are_told_with_their_place) {
    assert_malformed(
        {"{\"maskweight_class_map\": 2, \"classes\": []}", 1, 2, "maskweight_class_map"},
        {"{\"maskweight_class_map\": \"1\", \"classes\": []}", 1, 2, "maskweight_class_map"},
        {"{\"maskweight_class_map\": 1,\n \"names\": []}", 2, 2, "\"names\""},
        {"{\"maskweight_class_map\": 1,\n \"source\": 5}", 2, 2, "\"source\""},
        {"{\"maskweight_class_map\": 1,\n \"classes\": {}}", 2, 2, "\"classes\""},
        {"{\"maskweight_class_map\": 1}", 1, 1, "\"classes\" is missing"},
        {"{\"maskweight_class_map\": 1, \"classes\": []}", 1, 1, "no class"},
        {"{\"maskweight_class_map\": 1, \"classes\": [{\"ignore\": true, \"values\": [1]}]}", 1, 1,
         "no class"});
}

TEST(a_key_that_stands_twice_in_any_object_is_told_with_both_places) {
    assert_malformed(
        {OWN "{\"id\": 1, \"id\": 2}]}", 3, 13, "\"id\" stands twice: as on line 3, column 4"},
        {OWN "{\"id\": 1, \"name\": \"b\",\n\"name\": \"c\"}]}", 4, 1,
         "\"name\" stands twice: as on line 3, column 13"},
        {OWN "{\"id\": 1, \"color\": [1, 2, 3], \"color\": [4, 5, 6]}]}", 3, 33, "\"color\""},
        {OWN "{\"id\": 1, \"values\": [1], \"values\": [2]}]}", 3, 28, "\"values\""},
        {OWN "{\"id\": 1, \"i\\u0064\": 2}]}", 3, 13, "\"id\" stands twice"},
        {"{\"maskweight_class_map\": 1, \"classes\": [],\n\"classes\": [{\"id\": 0}]}", 2, 1,
         "\"classes\" stands twice"},
        {"{\"id2label\": {\"0\": \"a\"}, \"more\": [{}, {\"x\": 1, \"y\": [], \"x\": 2}]}", 1, 57,
         "\"x\" stands twice: as on line 1, column 40"},
        {"{\"b\": 1, \"a\": 1, \"a\": 2, \"b\": 2}", 1, 18, "\"a\" stands twice"},
        {"{\"é\": 1, \"é\": 2}", 1, 10, "as on line 1, column 2"});
}

/* Time that grows with the square of the number would make this endless. */
TEST(places_in_a_large_map_are_found_in_linear_time) {
    enum { MANY = 200000 };
    struct mw_text text = {0};
    struct mw_class_map map;
    struct mw_error err;
    for (int i = 0; i < MANY; i++)
        mw_text_print(&text, "%s\n\"%d\": \"class %d\"", i ? "," : "{", i, i);
    mw_text_add(&text, "}", 1);
    assert_ok(parse(&map, text_of(&text), text.length, &err), &err);
    assert_int_equal(map.count, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(map.classes[i].position.line, i + 2);
        assert_int_equal(map.classes[i].position.column, 1);
    }
    mw_class_map_free(&map);
    mw_text_free(&text);
}

/* --- Whatever is wrong ------------------------------------------------------------------------- */

/* One text of each form. */
static const char *const whole_maps[] = {
    "road\nvégétation\ncar\n",
    "# r g b\n128 64 128 road\n0 0 255\tcar\n",
    "# label:color_rgb:parts:actions\nroad:128,64,128::\ncar:::\n",
    "name,r,g,b\nroad,128,64,128\n\"a \"\"b\"\"\",0,0,255\n",
    "name;r;g;b\r\nroad;128;64;128\r\n",
    "[\"road\", \"car\"]",
    "{\"7\": \"road\",\n\"26\": \"car\"}",
    "{\"id2label\": {\"0\": \"wall\"}, \"n\": [null, {}, 1.5e3, true]}",
    "{\"classes\": [\"a\", \"b\"],\n \"palette\": [[1, 2, 3], \"#ff0080\"]}",
    "{\"label_map\": {\"0\": \"a\", \"5\": \"b\"}, \"segmentation_colors\": [[0, 0, 0], [64, 0, 1]]}",
    "{\"maskweight_class_map\": 1, \"source\": \"\", \"classes\": [\n{\"id\": 3, \"name\": \"a\", \"color\": \"#804080\", \"values\": [7, [8, 9]]},\n{\"id\": 0, \"background\": true}, {\"ignore\": true, \"values\": [-1]}]}",
};

/* What is wrong with a text is one line that begins with a place in it. */
static void check_place(const char *text, size_t length) {
    struct mw_class_map map;
    struct mw_error err = {0};
    int64_t line = 0, column = 0, lines = 1;
    enum mw_status status = parse(&map, text, length, &err);
    mw_class_map_free(&map);
    if (status == MW_OK) return;
    for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
    const char *next = err.message + strlen("line ");
    bool placed = strncmp(err.message, "line ", 5) == 0 && mw_integer_parse(&next, &line) &&
                  strncmp(next, ", column ", 9) == 0;
    next += placed ? strlen(", column ") : 0;
    placed = placed && mw_integer_parse(&next, &column) && strncmp(next, ": ", 2) == 0;
    if (status == MW_USAGE && placed && line >= 1 && line <= lines && column >= 1 &&
        column <= (int64_t)length + 1 && is_one_line(err.message))
        return;
    fail_msg("status %d, '%s' of: %s", (int)status, err.message, text);
}

TEST(every_map_that_is_cut_is_told_with_a_place_or_still_whole) {
    for (size_t i = 0; i < COUNT(whole_maps); i++)
        for (size_t length = 0; length <= strlen(whole_maps[i]); length++)
            check_place(whole_maps[i], length);
}

TEST(every_map_with_one_byte_changed_is_told_with_a_place_or_still_one) {
    static const char bytes[] = "\0\xff\xc3\x01 \n\r\t\"\\{}[],:;#-09ax";
    for (size_t i = 0; i < COUNT(whole_maps); i++) {
        size_t length = strlen(whole_maps[i]);
        char *text = strdup(whole_maps[i]);
        assert_non_null(text);
        for (size_t at = 0; at < length; at++)
            for (size_t j = 0; j + 1 < sizeof bytes; j++) {
                text[at] = bytes[j];
                check_place(text, length);
                text[at] = whole_maps[i][at];
            }
        free(text);
    }
}

TEST(more_classes_than_there_may_be_are_refused) {
    struct mw_text text = {0};
    for (int i = 0; i <= MW_MAX_CLASSES; i++) mw_text_print(&text, "%x\n", (unsigned)i);
    struct mw_class_map map;
    struct mw_error err;
    assert_fails(parse(&map, text_of(&text), text.length, &err), MW_USAGE, "1048576", &err);
    mw_class_map_free(&map);
    mw_text_free(&text);
}

/* --- Declaring -------------------------------------------------------------------------------- */

static enum mw_status try_declare(struct mw_labels *labels, const char *text, bool by_colour,
                                  struct mw_error *err) {
    struct mw_class_map map;
    struct mw_error parsing;
    assert_ok(parse(&map, text, strlen(text), &parsing), &parsing);
    enum mw_status status = mw_labels_declare(labels, &map, by_colour, err);
    mw_class_map_free(&map);
    return status;
}

/* Settings in which a class map declares the classes; resolved. Free them with mw_labels_free. */
static struct mw_labels declare(const char *text, bool by_colour) {
    struct mw_labels labels = {.encoding = by_colour ? MW_ENCODING_RGB : MW_ENCODING_INDEX};
    struct mw_error err;
    assert_ok(try_declare(&labels, text, by_colour, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    return labels;
}

static void assert_background(const struct mw_labels *labels, const char *wanted) {
    struct mw_text text = {0};
    mw_ranges_print(&labels->background, &text);
    assert_string_equal(text_of(&text), wanted);
    mw_text_free(&text);
}

TEST(names_declare_as_many_classes) {
    struct mw_labels labels = declare("road\ncar\n", false);
    uint32_t place;
    assert_int_equal(labels.classes, 2);
    assert_null(labels.ids);
    assert_int_equal(labels.values.count, 0); /* as --classes 2 does */
    assert_int_equal(labels.given, MW_SET_CLASSES | MW_SET_NAMES);
    assert_string_equal(mw_labels_name(&labels, 0), "road");
    assert_string_equal(mw_labels_name(&labels, 1), "car");
    assert_null(mw_labels_name(&labels, 2));
    assert_true(mw_labels_declares(&labels, 1, &place));
    assert_false(mw_labels_declares(&labels, 2, &place));
    assert_background(&labels, "0");
    assert_meanings(&labels, {0, 0}, {1, 1}, {2, UNKNOWN}, {-1, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(ids_with_gaps_are_declared_in_order) {
    struct mw_labels labels = declare(
        "{\"26\": \"car\", \"7\": \"road\", \"4000000000\": \"far\", \"11\": \"house\"}", false);
    static const uint32_t ids[] = {7, 11, 26, 4000000000U};
    static const char *const names[] = {"road", "house", "car", "far"};
    uint32_t place;
    assert_int_equal(labels.classes, COUNT(ids));
    for (uint32_t i = 0; i < COUNT(ids); i++) {
        assert_int_equal(mw_labels_id(&labels, i), ids[i]);
        assert_true(mw_labels_declares(&labels, ids[i], &place));
        assert_int_equal(place, i);
        assert_string_equal(mw_labels_name(&labels, ids[i]), names[i]);
    }
    assert_false(mw_labels_declares(&labels, 0, &place));
    assert_false(mw_labels_declares(&labels, 8, &place));
    assert_false(mw_labels_declares(&labels, -1, &place));
    assert_false(mw_labels_declares(&labels, INT64_C(4294967296) + 7, &place));
    assert_null(mw_labels_name(&labels, 12));
    assert_background(&labels, "none"); /* 0 is no class */
    assert_meanings(&labels, {7, 7}, {26, 26}, {4000000000, 4000000000}, {0, UNKNOWN}, {8, UNKNOWN},
                    {27, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(ids_from_0_in_any_order_have_no_gaps) {
    struct mw_labels labels = declare("{\"2\": \"c\", \"0\": \"a\", \"1\": \"b\"}", false);
    assert_null(labels.ids);
    assert_string_equal(mw_labels_name(&labels, 0), "a");
    assert_string_equal(mw_labels_name(&labels, 2), "c");
    mw_labels_free(&labels);
}

static const char own[] =
    "{\"maskweight_class_map\": 1, \"classes\": [\n"
    "{\"id\": 4, \"name\": \"road\", \"color\": \"#804080\", \"values\": [7, [20, 29]]},\n"
    "{\"id\": 1, \"color\": \"#000000\", \"background\": true},\n"
    "{\"name\": \"void\", \"ignore\": true, \"values\": [[-1, 0], 255], \"color\": \"#FFFFFF\"},\n"
    "{\"id\": 9, \"name\": \"sky\", \"color\": \"#0000FF\", \"background\": true}]}";

TEST(stored_values_stand_for_a_class_or_are_left_out) {
    struct mw_labels labels = declare(own, false);
    assert_int_equal(labels.classes, 3);
    assert_string_equal(mw_labels_name(&labels, 4), "road");
    assert_string_equal(mw_labels_name(&labels, 1), "1"); /* its number, without a name */
    assert_meanings(&labels, {7, 4}, {20, 4}, {25, 4}, {29, 4}, {1, 1}, {9, 9}, {255, IGNORED},
                    {-1, IGNORED}, {0, IGNORED}, {4, UNKNOWN}, {8, UNKNOWN}, {30, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(colours_stand_for_a_class_or_are_left_out) {
    struct mw_labels labels = declare(own, true);
    assert_meanings(&labels, {0x804080, 4}, {0x000000, 1}, {0x0000ff, 9}, {0xffffff, IGNORED},
                    {7, UNKNOWN}, {0xff0000, UNKNOWN}, {-1, UNKNOWN},
                    {0x1804080, UNKNOWN}); /* a colour of 16 bits that only resembles it */
    mw_labels_free(&labels);
}

TEST(the_classes_that_are_marked_are_background_and_no_others) {
    struct mw_labels labels = declare(own, false);
    assert_int_equal(labels.given, MW_SET_CLASSES | MW_SET_NAMES | MW_SET_BACKGROUND);
    assert_background(&labels, "1,9");
    mw_labels_free(&labels);
    labels =
        declare("{\"maskweight_class_map\": 1, \"classes\": [{\"id\": 0}, {\"id\": 1}]}", false);
    assert_background(&labels, "none");
    mw_labels_free(&labels);
}

TEST(a_background_that_was_said_before_stays) {
    struct mw_labels labels = {.given = MW_SET_BACKGROUND};
    struct mw_error err;
    assert_ok(mw_ranges_parse(&labels.background, "4", &err), &err);
    assert_ok(try_declare(&labels, own, false, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    assert_background(&labels, "4");
    mw_labels_free(&labels);
    labels = (struct mw_labels){.given = MW_SET_BACKGROUND};
    assert_ok(mw_ranges_parse(&labels.background, "0", &err), &err);
    assert_ok(try_declare(&labels, own, false, &err), &err);
    assert_fails(mw_labels_resolve(&labels, &err), MW_USAGE, "0 is no class id", &err);
    mw_labels_free(&labels);
}

TEST(colours_are_wanted_of_every_class_by_colour_only) {
    struct mw_labels labels = {.encoding = MW_ENCODING_RGB};
    struct mw_error err;
    assert_fails(try_declare(&labels, "a:1,2,3::\nb:::\n", true, &err), MW_USAGE,
                 "line 2, column 1: a class without a colour", &err);
    assert_non_null(strstr(err.message, "--encoding rgb"));
    mw_labels_free(&labels);
    assert_fails(try_declare(&labels, "road\n", true, &err), MW_USAGE, "line 1, column 1: ", &err);
    mw_labels_free(&labels);
    labels = declare("a:1,2,3::\nb:::\n", false);
    assert_int_equal(labels.classes, 2);
    mw_labels_free(&labels);
}

/* What is left out by its values has no colour to be left out by, and needs none. */
TEST(what_is_left_out_by_values_needs_no_colour) {
    struct mw_labels labels =
        declare("{\"maskweight_class_map\": 1, \"classes\": [{\"id\": 0, \"color\": \"#804080\"},\n"
                "{\"ignore\": true, \"values\": [255]}]}",
                true);
    assert_meanings(&labels, {0x804080, 0}, {255, UNKNOWN}, {0xffffff, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(what_is_left_out_by_its_colour_needs_no_values) {
    struct mw_labels labels =
        declare("{\"maskweight_class_map\": 1, \"classes\": [{\"id\": 0, \"color\": \"#804080\"},\n"
                "{\"ignore\": true, \"color\": \"#000000\"}]}",
                false);
    assert_meanings(&labels, {0, 0}, {1, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(a_value_of_two_classes_is_told_with_the_class) {
    static const char *const second[] = {
        "{\"id\": 8, \"values\": [3]}", "{\"id\": 8, \"values\": [[0, 9]]}",
        "{\"ignore\": true, \"values\": [3]}", "{\"id\": 3}", /* stands for itself */
    };
    for (size_t i = 0; i < COUNT(second); i++) {
        struct mw_labels labels = {0};
        struct mw_text text = {0};
        struct mw_error err;
        mw_text_print(
            &text,
            "{\"maskweight_class_map\": 1, \"classes\": [\n{\"id\": 2, \"values\": [3]},\n %s]}",
            second[i]);
        assert_fails(try_declare(&labels, text_of(&text), false, &err), MW_USAGE,
                     "line 3, column 2: ", &err);
        assert_non_null(strstr(err.message, "value 3 "));
        mw_labels_free(&labels);
        mw_text_free(&text);
    }
}

TEST(another_number_of_classes_is_refused) {
    struct mw_labels labels = {.classes = 3, .given = MW_SET_CLASSES};
    struct mw_error err;
    assert_fails(try_declare(&labels, "a\nb\n", false, &err), MW_USAGE, "2 classes", &err);
    assert_non_null(strstr(err.message, "3"));
    mw_labels_free(&labels);
    labels = (struct mw_labels){.classes = 2, .given = MW_SET_CLASSES};
    assert_ok(try_declare(&labels, "a\nb\n", false, &err), &err);
    mw_labels_free(&labels);
    labels = (struct mw_labels){.classes = 3, .given = MW_SET_CLASSES}; /* void is no class */
    assert_ok(try_declare(&labels, own, false, &err), &err);
    mw_labels_free(&labels);
}

/* --- Files ------------------------------------------------------------------------------------ */

TEST(errors_of_a_file_begin_with_its_path) {
    char directory[PATH_SIZE], path[PATH_SIZE], wanted[PATH_SIZE + 32];
    struct mw_labels labels = {0};
    struct mw_error err;
    make_directory(directory);
    write_file(path, directory, "names.txt", "a\n\nb\n", 5);
    snprintf(wanted, sizeof wanted, "%s: line 2, column 1: ", path);
    assert_fails(mw_labels_read_class_map(&labels, path, 0, &err), MW_USAGE, wanted, &err);
    assert_ptr_equal(strstr(err.message, wanted), err.message);
    mw_labels_free(&labels);
    write_file(path, directory, "empty.txt", "", 0);
    assert_fails(mw_labels_read_class_map(&labels, path, 0, &err), MW_USAGE, path, &err);
    mw_labels_free(&labels);
    join_path(path, directory, "missing.txt");
    assert_fails(mw_labels_read_class_map(&labels, path, 0, &err), MW_IO, path, &err);
    mw_labels_free(&labels);
    assert_fails(mw_labels_read_class_map(&labels, directory, 0, &err), MW_IO, directory, &err);
    mw_labels_free(&labels);
    write_file(path, directory, "large.txt", "a\n", 2);
    assert_int_equal(truncate(path, (off_t)64 << 20), 0);
    assert_fails(mw_labels_read_class_map(&labels, path, 0, &err), MW_LIMIT, path, &err);
    mw_labels_free(&labels);
    write_file(path, directory, "good.txt", "a\nb\n", 4);
    assert_ok(mw_labels_read_class_map(&labels, path, 0, &err), &err);
    assert_int_equal(labels.classes, 2);
    mw_labels_free(&labels);
    remove_directory(directory);
}

/* A class map that came with the program; resolved. Free it with mw_labels_free. */
static struct mw_labels built_in(const char *name, enum mw_encoding encoding) {
    const char *source = getenv("MW_SOURCE");
    char path[PATH_SIZE];
    struct mw_labels labels = {.encoding = encoding};
    struct mw_error err;
    snprintf(path, sizeof path, "%s/data/class-maps/%s.json", source && *source ? source : ".",
             name);
    assert_ok(mw_labels_read_class_map(&labels, path, 0, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    return labels;
}

static void assert_names(const struct mw_labels *labels, const char *const *names, uint32_t count) {
    assert_int_equal(labels->classes, count);
    assert_null(labels->ids);
    for (uint32_t id = 0; id < count; id++)
        assert_string_equal(mw_labels_name(labels, id), names[id]);
}

/* The 19 classes in the order of train ids, and their label ids. */
static const char *const train_names[] = {
    "road",         "sidewalk",   "building", "wall",       "fence",   "pole",  "traffic light",
    "traffic sign", "vegetation", "terrain",  "sky",        "person",  "rider", "car",
    "truck",        "bus",        "train",    "motorcycle", "bicycle",
};
static const int64_t train_labels[] = {7,  8,  11, 12, 13, 17, 19, 20, 21, 22,
                                       23, 24, 25, 26, 27, 28, 31, 32, 33};

TEST(cityscapes_has_34_label_ids) {
    struct mw_labels labels = built_in("cityscapes", MW_ENCODING_INDEX);
    assert_int_equal(labels.classes, 34);
    assert_null(labels.ids);
    for (size_t i = 0; i < COUNT(train_labels); i++)
        assert_string_equal(mw_labels_name(&labels, (uint32_t)train_labels[i]), train_names[i]);
    assert_string_equal(mw_labels_name(&labels, 0), "unlabeled");
    assert_string_equal(mw_labels_name(&labels, 1), "ego vehicle");
    assert_string_equal(mw_labels_name(&labels, 9), "parking");
    assert_string_equal(mw_labels_name(&labels, 18), "polegroup");
    assert_string_equal(mw_labels_name(&labels, 29), "caravan");
    for (int64_t id = 0; id < 34; id++) assert_int_equal(meaning_of(&labels, id), id);
    assert_meanings(&labels, {-1, IGNORED}, {34, UNKNOWN}, {255, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(cityscapes_train_makes_19_classes_of_label_ids) {
    struct mw_labels labels = built_in("cityscapes-train", MW_ENCODING_INDEX);
    assert_names(&labels, train_names, COUNT(train_names));
    for (int64_t id = -1; id < 34; id++) {
        int64_t wanted = IGNORED;
        for (size_t i = 0; i < COUNT(train_labels); i++)
            if (train_labels[i] == id) wanted = (int64_t)i;
        assert_int_equal(meaning_of(&labels, id), wanted);
    }
    assert_meanings(&labels, {34, UNKNOWN}, {255, UNKNOWN}, {-2, UNKNOWN});
    assert_background(&labels, "none");
    mw_labels_free(&labels);
    labels = built_in("cityscapes-train", MW_ENCODING_INSTANCE);
    assert_meanings(&labels, {26001, 13}, {24000, 11}, {7, 0}, {33, 18}, {29002, IGNORED},
                    {3, IGNORED}, {34000, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(cityscapes_train_knows_the_colours_of_its_classes) {
    struct mw_labels labels = built_in("cityscapes-train", MW_ENCODING_RGB);
    assert_meanings(&labels, {0x804080, 0}, {0xf423e8, 1}, {0x464646, 2}, {0x4682b4, 10},
                    {0xdc143c, 11}, {0x00008e, 13}, {0x770b20, 18});
    mw_labels_free(&labels);
}

/* The colour of a class: the bits of its id, spread over red, green and blue from the top, as in
 * VOClabelcolormap of the development kit. */
static int64_t voc_colour(int64_t id) {
    int64_t colour = 0;
    for (int bit = 0; bit < 8; bit++) {
        for (int part = 0; part < 3; part++)
            colour |= (id >> part & 1) << (7 - bit) << (16 - 8 * part);
        id >>= 3;
    }
    return colour;
}

TEST(voc_has_20_classes_and_a_background) {
    static const char *const names[] = {
        "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
        "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
        "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor",
    };
    struct mw_labels labels = built_in("voc", MW_ENCODING_INDEX);
    assert_names(&labels, names, 21);
    assert_background(&labels, "0");
    assert_meanings(&labels, {0, 0}, {15, 15}, {20, 20}, {255, IGNORED}, {21, UNKNOWN});
    mw_labels_free(&labels);
    labels = built_in("voc", MW_ENCODING_RGB);
    assert_int_equal(voc_colour(15), 0xc08080);
    for (int64_t id = 0; id < 21; id++) assert_int_equal(meaning_of(&labels, voc_colour(id)), id);
    assert_meanings(&labels, {voc_colour(255), IGNORED}, {0xe0e0c0, IGNORED}, {1, UNKNOWN},
                    {voc_colour(21), UNKNOWN});
    mw_labels_free(&labels);
}

TEST(camvid_has_11_classes) {
    static const struct {
        const char *name;
        int64_t colour;
    } classes[] = {
        {"Sky", 0x808080},        {"Building", 0x800000},  {"Pole", 0xc0c080},
        {"Road", 0x804080},       {"Pavement", 0x3c28de},  {"Tree", 0x808000},
        {"SignSymbol", 0xc08080}, {"Fence", 0x404080},     {"Car", 0x400080},
        {"Pedestrian", 0x404000}, {"Bicyclist", 0x0080c0},
    };
    struct mw_labels labels = built_in("camvid", MW_ENCODING_INDEX);
    struct mw_labels by_colour = built_in("camvid", MW_ENCODING_RGB);
    assert_int_equal(labels.classes, 11);
    for (uint32_t id = 0; id < COUNT(classes); id++) {
        assert_string_equal(mw_labels_name(&labels, id), classes[id].name);
        assert_int_equal(meaning_of(&labels, id), id);
        assert_int_equal(meaning_of(&by_colour, classes[id].colour), id);
    }
    assert_meanings(&labels, {11, IGNORED}, {12, UNKNOWN});
    assert_meanings(&by_colour, {0, IGNORED}, {0xc0c0c0, UNKNOWN});
    assert_background(&labels, "none");
    mw_labels_free(&labels);
    mw_labels_free(&by_colour);
}

TEST(ade20k_has_150_classes_that_begin_at_1) {
    static const struct {
        int64_t value;
        const char *name;
    } some[] = {{1, "wall"},   {2, "building"}, {3, "sky"},   {4, "floor"},  {5, "tree"},
                {7, "road"},   {13, "person"},  {15, "door"}, {20, "chair"}, {21, "car"},
                {22, "water"}, {127, "animal"}, {150, "flag"}};
    struct mw_labels labels = built_in("ade20k", MW_ENCODING_INDEX);
    assert_int_equal(labels.classes, 150);
    assert_null(labels.ids);
    for (int64_t value = 1; value <= 150; value++)
        assert_int_equal(meaning_of(&labels, value), value - 1);
    for (size_t i = 0; i < COUNT(some); i++)
        assert_string_equal(mw_labels_name(&labels, (uint32_t)some[i].value - 1), some[i].name);
    assert_meanings(&labels, {0, IGNORED}, {151, UNKNOWN}, {255, UNKNOWN});
    assert_background(&labels, "none");
    mw_labels_free(&labels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_numbered_from_0),
        cmocka_unit_test(a_colour_list_has_three_numbers_and_a_name),
        cmocka_unit_test(labelmap_txt_has_a_name_a_colour_parts_and_actions),
        cmocka_unit_test(labelmap_txt_may_have_no_colour_at_all),
        cmocka_unit_test(class_dict_csv_has_a_header),
        cmocka_unit_test(class_dict_csv_may_have_blanks_or_semicolons),
        cmocka_unit_test(json_maps_ids_to_names),
        cmocka_unit_test(a_json_list_is_of_names),
        cmocka_unit_test(json_lists_of_names_and_of_colours_belong_together),
        cmocka_unit_test(dataset_meta_json_is_understood),
        cmocka_unit_test(our_own_form_says_everything),
        cmocka_unit_test(line_ends_and_a_byte_order_mark_change_nothing),
        cmocka_unit_test(malformed_names_are_told_with_their_line),
        cmocka_unit_test(a_list_of_names_with_numbers_is_refused),
        cmocka_unit_test(what_is_not_utf_8_is_told_with_its_place),
        cmocka_unit_test(the_place_of_what_is_not_utf_8_is_behind_every_character_that_is),
        cmocka_unit_test(a_byte_order_mark_has_no_column),
        cmocka_unit_test(a_nul_is_told_with_its_place),
        cmocka_unit_test(malformed_colour_lists_are_told_with_their_place),
        cmocka_unit_test(a_number_that_runs_into_the_name_is_malformed),
        cmocka_unit_test(malformed_labelmaps_are_told_with_their_place),
        cmocka_unit_test(malformed_csv_is_told_with_its_place),
        cmocka_unit_test(another_header_of_a_table_of_colours_is_malformed),
        cmocka_unit_test(lines_of_colours_are_no_list_of_names),
        cmocka_unit_test(utf_16_is_told_by_name),
        cmocka_unit_test(json_that_is_none_is_told_with_its_place),
        cmocka_unit_test(malformed_json_of_names_is_told_with_its_place),
        cmocka_unit_test(an_escaped_nul_in_a_name_is_malformed),
        cmocka_unit_test(malformed_palettes_are_told_with_their_place),
        cmocka_unit_test(classes_or_colours_under_two_keys_are_malformed),
        cmocka_unit_test(malformed_classes_of_our_own_form_are_told_with_their_place),
        cmocka_unit_test(malformed_heads_of_our_own_form_are_told_with_their_place),
        cmocka_unit_test(a_key_that_stands_twice_in_any_object_is_told_with_both_places),
        cmocka_unit_test(places_in_a_large_map_are_found_in_linear_time),
        cmocka_unit_test(every_map_that_is_cut_is_told_with_a_place_or_still_whole),
        cmocka_unit_test(every_map_with_one_byte_changed_is_told_with_a_place_or_still_one),
        cmocka_unit_test(more_classes_than_there_may_be_are_refused),
        cmocka_unit_test(names_declare_as_many_classes),
        cmocka_unit_test(ids_with_gaps_are_declared_in_order),
        cmocka_unit_test(ids_from_0_in_any_order_have_no_gaps),
        cmocka_unit_test(stored_values_stand_for_a_class_or_are_left_out),
        cmocka_unit_test(colours_stand_for_a_class_or_are_left_out),
        cmocka_unit_test(the_classes_that_are_marked_are_background_and_no_others),
        cmocka_unit_test(a_background_that_was_said_before_stays),
        cmocka_unit_test(colours_are_wanted_of_every_class_by_colour_only),
        cmocka_unit_test(what_is_left_out_by_values_needs_no_colour),
        cmocka_unit_test(what_is_left_out_by_its_colour_needs_no_values),
        cmocka_unit_test(a_value_of_two_classes_is_told_with_the_class),
        cmocka_unit_test(another_number_of_classes_is_refused),
        cmocka_unit_test(errors_of_a_file_begin_with_its_path),
        cmocka_unit_test(cityscapes_has_34_label_ids),
        cmocka_unit_test(cityscapes_train_makes_19_classes_of_label_ids),
        cmocka_unit_test(cityscapes_train_knows_the_colours_of_its_classes),
        cmocka_unit_test(voc_has_20_classes_and_a_background),
        cmocka_unit_test(camvid_has_11_classes),
        cmocka_unit_test(ade20k_has_150_classes_that_begin_at_1),
    };
    return RUN_TESTS(tests);
}
