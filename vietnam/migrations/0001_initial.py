# fmt: off
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import vietnam.fields


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='ngày')),
                ('kind', models.CharField(choices=[('holiday', 'Ngày nghỉ'), ('makeup', 'Ngày làm bù')], max_length=8, verbose_name='loại')),
                ('name', vietnam.fields.CleanCharField(max_length=120, verbose_name='tên')),
                ('source', vietnam.fields.CleanCharField(max_length=200, verbose_name='căn cứ')),
                ('confidence', models.CharField(choices=[('seen', 'Đã đối chiếu nguồn'), ('single source', 'Chưa kiểm chứng (một nguồn)'), ('memory', 'Chưa kiểm chứng'), ('weak memory', 'Chưa kiểm chứng, độ tin cậy thấp')], default='memory', max_length=16, verbose_name='mức kiểm chứng')),
            ],
            options={
                'verbose_name': 'ngày nghỉ, ngày làm bù',
                'verbose_name_plural': 'ngày nghỉ, ngày làm bù',
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='LegalDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', vietnam.fields.CleanCharField(max_length=80, verbose_name='số, ký hiệu')),
                ('title', vietnam.fields.CleanTextField(verbose_name='trích yếu')),
                ('folded', vietnam.fields.FoldedField(source='title')),
                ('kind', models.CharField(choices=[('LUAT', 'Luật'), ('NQ', 'Nghị quyết'), ('ND', 'Nghị định'), ('QD', 'Quyết định'), ('TT', 'Thông tư'), ('TTLT', 'Thông tư liên tịch'), ('CT', 'Chỉ thị'), ('VBHN', 'Văn bản hợp nhất'), ('KH', 'Kế hoạch'), ('CV', 'Công văn'), ('QC', 'Quy chuẩn, tiêu chuẩn'), ('DUQT', 'Điều ước quốc tế')], max_length=4, verbose_name='loại văn bản')),
                ('issuer', vietnam.fields.CleanCharField(max_length=120, verbose_name='cơ quan ban hành')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True, verbose_name='hiệu lực')),
                ('confidence', models.CharField(choices=[('seen', 'Đã đối chiếu nguồn'), ('single source', 'Chưa kiểm chứng (một nguồn)'), ('memory', 'Chưa kiểm chứng'), ('weak memory', 'Chưa kiểm chứng, độ tin cậy thấp')], default='memory', max_length=16, verbose_name='mức kiểm chứng')),
                ('note', vietnam.fields.CleanTextField(blank=True, verbose_name='ghi chú')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='vietnam.legaldocument', verbose_name='được thay thế bởi')),
            ],
            options={
                'verbose_name': 'văn bản pháp luật',
                'verbose_name_plural': 'văn bản pháp luật',
                'ordering': ['-issued_on', 'number'],
            },
        ),
        migrations.CreateModel(
            name='DocumentRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('amends', 'sửa đổi, bổ sung'), ('replaces', 'thay thế'), ('guides', 'quy định chi tiết, hướng dẫn'), ('consolidates', 'hợp nhất')], max_length=12, verbose_name='quan hệ')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='vietnam.legaldocument')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reverse_relations', to='vietnam.legaldocument')),
            ],
            options={
                'verbose_name': 'quan hệ văn bản',
                'verbose_name_plural': 'quan hệ văn bản',
            },
        ),
        migrations.CreateModel(
            name='AdminUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('nation', 'Toàn quốc'), ('province', 'Cấp tỉnh'), ('district', 'Cấp huyện (đến 30/6/2025)'), ('commune', 'Cấp xã')], max_length=8, verbose_name='cấp')),
                ('code', models.CharField(max_length=5, verbose_name='mã')),
                ('name', vietnam.fields.CleanCharField(max_length=120, verbose_name='tên')),
                ('bare_name', vietnam.fields.CleanCharField(max_length=120, verbose_name='tên riêng')),
                ('unit_type', vietnam.fields.CleanCharField(max_length=20, verbose_name='loại đơn vị')),
                ('folded', vietnam.fields.FoldedField(source='name')),
                ('folded_bare', vietnam.fields.FoldedField(source='bare_name')),
                ('sort_key', vietnam.fields.SortKeyField(source='bare_name')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='thời gian tồn tại')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='vietnam.adminunit', verbose_name='thuộc')),
                ('source_document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='admin_units', to='vietnam.legaldocument', verbose_name='căn cứ')),
            ],
            options={
                'verbose_name': 'đơn vị hành chính',
                'verbose_name_plural': 'đơn vị hành chính',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProvinceRegion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('socio_economic', '6 vùng kinh tế – xã hội'), ('extension', '3 vùng khuyến công')], max_length=16, verbose_name='cách chia vùng')),
                ('region', models.CharField(choices=[('TDMNPB', 'Trung du và miền núi phía Bắc'), ('DBSH', 'Đồng bằng sông Hồng'), ('BTB', 'Bắc Trung Bộ'), ('NTB-TN', 'Nam Trung Bộ và Tây Nguyên'), ('DNB', 'Đông Nam Bộ'), ('DBSCL', 'Đồng bằng sông Cửu Long'), ('BAC', 'Khu vực phía Bắc'), ('TRUNG-TN', 'Khu vực miền Trung – Tây Nguyên'), ('NAM', 'Khu vực phía Nam')], max_length=8, verbose_name='vùng')),
                ('confidence', models.CharField(choices=[('seen', 'Đã đối chiếu nguồn'), ('single source', 'Chưa kiểm chứng (một nguồn)'), ('memory', 'Chưa kiểm chứng'), ('weak memory', 'Chưa kiểm chứng, độ tin cậy thấp')], default='memory', max_length=16, verbose_name='mức kiểm chứng')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regions', to='vietnam.adminunit')),
            ],
            options={
                'verbose_name': 'vùng của tỉnh',
                'verbose_name_plural': 'vùng của tỉnh',
            },
        ),
        migrations.CreateModel(
            name='UnitSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='từ ngày')),
                ('kind', models.CharField(choices=[('continues', 'giữ nguyên'), ('merged', 'nhập'), ('split', 'chia tách'), ('renamed', 'đổi tên'), ('reclassified', 'đổi loại đơn vị')], max_length=12, verbose_name='cách thay đổi')),
                ('is_default', models.BooleanField(default=True, verbose_name='đơn vị kế thừa chính')),
                ('new', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='predecessions', to='vietnam.adminunit')),
                ('old', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='successions', to='vietnam.adminunit')),
            ],
            options={
                'verbose_name': 'thay đổi đơn vị hành chính',
                'verbose_name_plural': 'thay đổi đơn vị hành chính',
            },
        ),
        migrations.AddConstraint(
            model_name='legaldocument',
            constraint=models.UniqueConstraint(fields=('number', 'issuer'), name='vietnam_legaldocument_number_issuer'),
        ),
        migrations.AddConstraint(
            model_name='legaldocument',
            constraint=models.CheckConstraint(condition=models.Q(('valid__isnull', True), ('valid__isempty', False), _connector='OR'), name='vietnam_legaldocument_valid_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='documentrelation',
            constraint=models.UniqueConstraint(fields=('document', 'kind', 'target'), name='vietnam_documentrelation_once'),
        ),
        migrations.AddConstraint(
            model_name='documentrelation',
            constraint=models.CheckConstraint(condition=models.Q(('document', models.F('target')), _negated=True), name='vietnam_documentrelation_not_itself'),
        ),
        migrations.AddIndex(
            model_name='adminunit',
            index=models.Index(fields=['level', 'sort_key'], name='vietnam_unit_level_sort'),
        ),
        migrations.AddIndex(
            model_name='adminunit',
            index=models.Index(fields=['folded_bare'], name='vietnam_unit_bare', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='adminunit',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='vietnam_unit_folded_trgm'),
        ),
        migrations.AddConstraint(
            model_name='adminunit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('level', '='), ('code', '='), ('valid', '&&')], name='vietnam_adminunit_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='adminunit',
            constraint=models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='vietnam_adminunit_valid_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='adminunit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', '00'), ('level', 'nation'), ('parent__isnull', True)), models.Q(('code__regex', '^[0-9]{2}$'), ('level', 'province'), ('parent__isnull', False)), models.Q(('code__regex', '^[0-9]{3}$'), ('level', 'district'), ('parent__isnull', False)), models.Q(('code__regex', '^[0-9]{5}$'), ('level', 'commune'), ('parent__isnull', False)), _connector='OR'), name='vietnam_adminunit_code_fits_level'),
        ),
        migrations.AddConstraint(
            model_name='provinceregion',
            constraint=models.UniqueConstraint(fields=('province', 'scheme'), name='vietnam_provinceregion_one_per_scheme'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.UniqueConstraint(fields=('old', 'new'), name='vietnam_unitsuccession_once'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('old',), name='vietnam_unitsuccession_one_default'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.CheckConstraint(condition=models.Q(('old', models.F('new')), _negated=True), name='vietnam_unitsuccession_not_itself'),
        ),
    ]
